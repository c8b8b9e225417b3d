package db

import "renxin/internal/platform/clock"

// Born is when a key was made.
func Born(id int64) clock.Instant { return epoch + clock.Instant(id>>22) }
