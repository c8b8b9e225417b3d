package intake

// OnRollbackChunk lets a test act after every chunk of a roll-back.
func OnRollbackChunk(s *Service, fn func()) { s.afterChunk = fn }
