// The references, in the order of their years, as they are printed in every language.

/** @type {Record<string, string>} */
export const REFERENCES = {
  robbins_monro:
    "H. Robbins, S. Monro: A Stochastic Approximation Method. Annals of Mathematical Statistics 22, 400–407, 1951",
  linnainmaa: "S. Linnainmaa: Taylor Expansion of the Accumulated Rounding Error. BIT 16, 146–160, 1976",
  werbos: "P. J. Werbos: Beyond Regression. Dissertation, Harvard University, 1974",
  rumelhart:
    "D. E. Rumelhart, G. E. Hinton, R. J. Williams: Learning Representations by Back-Propagating Errors. Nature 323, 533–536, 1986",
  baydin:
    "A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind: Automatic Differentiation in Machine Learning: a Survey. Journal of Machine Learning Research 18 (153), 1–43, 2018",
};
