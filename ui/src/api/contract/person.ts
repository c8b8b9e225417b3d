/** A person in one line, as lists and other rooms show one. The phone is masked. */
export interface Brief {
  id: string
  name: string
  sex: string
  age: number | null
  birth_date: string
  phone: string
  tags: string[]
  alert: string
}

/** A short reference to a person of the house, a department, a role. */
export interface Named { id: string; name: string }
