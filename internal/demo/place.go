package demo

import (
	"fmt"
	"math"
)

// The hospital stands in Lixia, Jinan. Roads and numbers are made up.

type district struct {
	code, name string // county code of GB/T 2260
	km         float64
}

var homeDistricts = []district{
	{"370102", "山东省济南市历下区", 1}, {"370103", "山东省济南市市中区", 4}, {"370105", "山东省济南市天桥区", 6},
	{"370104", "山东省济南市槐荫区", 8}, {"370112", "山东省济南市历城区", 9}, {"370113", "山东省济南市长清区", 24},
	{"370114", "山东省济南市章丘区", 30}, {"370115", "山东省济南市济阳区", 28}, {"370124", "山东省济南市平阴县", 45},
}

var provinceDistricts = []district{
	{"370302", "山东省淄博市淄川区", 0}, {"370303", "山东省淄博市张店区", 0}, {"370902", "山东省泰安市泰山区", 0},
	{"370911", "山东省泰安市岱岳区", 0}, {"371402", "山东省德州市德城区", 0}, {"371502", "山东省聊城市东昌府区", 0},
	{"371602", "山东省滨州市滨城区", 0}, {"370811", "山东省济宁市任城区", 0}, {"370702", "山东省潍坊市潍城区", 0},
	{"371702", "山东省菏泽市牡丹区", 0},
}

var farDistricts = []district{
	{"130902", "河北省沧州市新华区", 0}, {"410902", "河南省濮阳市华龙区", 0}, {"320302", "江苏省徐州市鼓楼区", 0},
	{"340602", "安徽省淮北市杜集区", 0}, {"110105", "北京市朝阳区", 0}, {"310115", "上海市浦东新区", 0},
	{"120103", "天津市河西区", 0}, {"230102", "黑龙江省哈尔滨市道里区", 0},
}

var roads = []string{"文化路", "和平路", "建设街", "解放路", "青年路", "泉城路", "柳荫街", "花园路", "新华街", "师范路", "工业南路", "山水路", "桃园街", "书院街", "清河路"}

// homeTable weighs the home districts by exp(−km/8).
var homeTable = func() table {
	w := make([]float64, len(homeDistricts))
	for i, x := range homeDistricts {
		w[i] = math.Exp(-x.km / 8)
	}
	return newTable(w...)
}()

// address draws where a household lives: 70 % in the home city, 20 % in the province, 10 % elsewhere.
func address(d dice) (text, region string) {
	var at district
	switch x := d.Float64(); {
	case x < 0.7:
		at = homeDistricts[homeTable.draw(d)]
	case x < 0.9:
		at = pick(d, provinceDistricts)
	default:
		at = pick(d, farDistricts)
	}
	return fmt.Sprintf("%s%s%d号%d栋%d0%d室", at.name, pick(d, roads), d.between(1, 199), d.between(1, 30), d.between(1, 18), d.between(1, 4)), at.code
}
