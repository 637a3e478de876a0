/** How the fragment of an address begins that holds ink; alone in its file, as the page needs no more of links at first. */
export const MARK = "#ink=";
