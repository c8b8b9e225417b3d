package match

// Profile is the table of weights, in bits, by which records are compared, and where the zones begin. Weights are fixed and shipped:
// learnt from a hospital's own pairs they were measured to merge families.
type Profile struct {
	Prior float64 // log2 odds that two records of one blocking group are one person, before any field is compared

	NameSame, NameRare, NameCommon         float64 // equal names: of unknown frequency, of the rarest, of the most common
	NameSimilar, NameNear, NameDiffers     float64 // read alike; one edit apart; another name
	BirthSame, BirthNear, BirthDiffers     float64 // Near: one digit wrong, day and month exchanged, or one of them knows only the year
	SexSame, SexDiffers                    float64
	CardSame, CardNear, CardDiffers        float64 // identity card
	DocumentSame, DocumentNear, NumberSame float64 // passport, permit, health card; a hospital number of one issuer
	MobileSame, LandlineSame               float64
	AddressSame, AddressNear, AddressOther float64

	Auto, Review float64 // where the zones begin

	// Households: several persons share telephone and address, twins the birth date too. Then the automatic zone needs more than a sum:
	// an equal document or number, or name and birth date equal with one thing more; see Result.zone.
	Households bool
}

// Hospital is the profile of the product: every comparison of an import, a form or a scan uses it.
var Hospital = Profile{
	Prior:    -12.3,
	NameSame: 9, NameRare: 11, NameCommon: 7, NameSimilar: 6, NameNear: 2, NameDiffers: -6,
	BirthSame: 10, BirthNear: 4, BirthDiffers: -6,
	SexSame: 1, SexDiffers: -5,
	CardSame: 20, CardNear: 6, CardDiffers: -10,
	DocumentSame: 20, DocumentNear: 6, NumberSame: 12,
	MobileSame: 7, LandlineSame: 4,
	AddressSame: 6, AddressNear: 2,
	Auto: AutoBits, Review: ReviewBits,
	Households: true,
}

// FEBRL is the profile for the FEBRL benchmark files: the same comparisons, but English registration data of single persons, whose every
// field may be mistyped at once, so that addresses that differ count a little against and near names do not mean twins.
var FEBRL = Profile{
	Prior:    -12.3,
	NameSame: 9, NameRare: 11, NameCommon: 7, NameSimilar: 6, NameNear: 2, NameDiffers: -6,
	BirthSame: 10, BirthNear: 4, BirthDiffers: -6,
	DocumentSame: 20, DocumentNear: 6,
	AddressSame: 6, AddressNear: 2, AddressOther: -4,
	Auto: 0, Review: ReviewBits,
}
