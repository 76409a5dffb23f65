/** The policy of every answer that is not a page. */
export const DENY_ALL = 'default-src \'none\'; base-uri \'none\'; form-action \'none\'; frame-ancestors \'none\''
