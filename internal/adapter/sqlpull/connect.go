//go:build connect

package sqlpull

// The drivers that add some 16 MB to the program.
import (
	_ "github.com/go-sql-driver/mysql"
	_ "github.com/microsoft/go-mssqldb"
	_ "github.com/sijms/go-ora/v2"
)
