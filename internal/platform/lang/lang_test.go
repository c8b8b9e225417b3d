package lang_test

import (
	"testing"

	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

func TestRefusalNamesThePermissionInWords(t *testing.T) {
	for permission, want := range map[string]string{
		"setting.setting.read": "您的角色没有“查看系统设置”权限，需要时请联系管理员。",
		"no.such.permission":   "您的角色没有“no.such.permission”权限，需要时请联系管理员。",
	} {
		err := fault.New(fault.Forbidden, "access.permission.missing", "permission", permission)
		if _, got := lang.Fault(lang.ZH, err); got != want {
			t.Errorf("%s: %s", permission, got)
		}
		if kept := err.Args["permission"]; kept != permission {
			t.Errorf("the fault itself changed: %v", kept)
		}
	}
}
