// What one look at shadowed messages may cost: each subject is rendered anew.

export const SHADOW = {
  /** People asked for by address, in one call: each is a trip to the store. */
  peopleMax: 20,
  /** Of each of them, the newest. */
  perPersonMax: 100,
  /** Of a page without addresses. */
  pageMax: 50,
} as const
