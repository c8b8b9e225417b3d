package demo

import (
	"math"
	"math/rand/v2"
)

// dice is the one source of chance of a block of persons; equal seed and block give equal throws.
type dice struct{ *rand.Rand }

func newDice(seed, stream uint64) dice {
	return dice{rand.New(rand.NewPCG(seed, stream*0x9e3779b97f4a7c15+0x632be59bd9b4e019))}
}

// chance is true with probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between is uniform over lo…hi, both included.
func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// logNormal draws with the given median and sigma of the logarithm.
func (d dice) logNormal(median, sigma float64) float64 {
	return median * math.Exp(sigma*d.NormFloat64())
}

// pareto draws at least low with tail exponent alpha.
func (d dice) pareto(low, alpha float64) float64 {
	return low / math.Pow(1-d.Float64(), 1/alpha)
}

// gamma draws with the given shape and scale (Marsaglia and Tsang 2000, with their boost for shapes below one).
func (d dice) gamma(shape, scale float64) float64 {
	boost := 1.0
	if shape < 1 {
		boost = math.Pow(1-d.Float64(), 1/shape)
		shape++
	}
	a := shape - 1.0/3
	c := 1 / math.Sqrt(9*a)
	for {
		x := d.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-d.Float64()) < x*x/2+a-a*v+a*math.Log(v) {
			return boost * a * v * scale
		}
	}
}

// negativeBinomial draws a count with the given mean and dispersion k (gamma-mixed Poisson).
func (d dice) negativeBinomial(mean, k float64) int {
	return d.poisson(d.gamma(k, mean/k))
}

// poisson draws a count by Knuth's method, in steps so that large means stay exact.
func (d dice) poisson(mean float64) int {
	n := 0
	for mean > 0 {
		step := math.Min(mean, 30)
		mean -= step
		limit, p := math.Exp(-step), d.Float64()
		for p > limit {
			n++
			p *= d.Float64()
		}
	}
	return n
}

// table draws an index in proportion to weights.
type table []float64

// newTable sums the weights up once; a draw is then one binary search.
func newTable(weights ...float64) table {
	t := make(table, len(weights))
	sum := 0.0
	for i, w := range weights {
		sum += w
		t[i] = sum
	}
	return t
}

// zipf gives n weights 1/rank.
func zipf(n int) table {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1 / float64(i+1)
	}
	return newTable(w...)
}

func (t table) draw(d dice) int {
	x := d.Float64() * t[len(t)-1]
	lo, hi := 0, len(t)-1
	for lo < hi {
		mid := (lo + hi) / 2
		if t[mid] > x {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

func pick[T any](d dice, from []T) T { return from[d.IntN(len(from))] }
