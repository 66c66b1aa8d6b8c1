/** Whether a table of words lies beside the model (`cargo xtask demo --words`). */
declare const HAS_WORDS: boolean;
