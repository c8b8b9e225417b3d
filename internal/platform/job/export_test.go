package job

// ClaimSQL lets a test read the plan of the claim.
const ClaimSQL = claimSQL
