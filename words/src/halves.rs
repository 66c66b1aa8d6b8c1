//! What somebody wishes for, and what they do not: "I like slow space operas, but not horror".

/// Words after which what is named is not wished for.
const AGAINST: [&str; 12] = [
    "not", "no", "without", "except", "never", "nor", "hate", "hates", "dislike", "dislikes", "avoid",
    "cannot",
];

/// Marks and words after which a wish begins anew.
const ANEW: [&str; 5] = [".", ";", "!", "?", "but"];

/// Plain words as two halves: what is wished for, and what is not. English, by the words that deny; a negation lasts until
/// the sentence ends or a "but" turns it.
pub fn halves(words: &str) -> [String; 2] {
    let [mut wished, mut not]: [Vec<&str>; 2] = Default::default();
    let mut against = false;
    let mut before = ["", ""];
    for word in words.split_ascii_whitespace() {
        let is = |of: &[&str]| of.iter().any(|other| other.eq_ignore_ascii_case(word));
        // "don't", "doesn't", as the tokeniser parts them.
        let shortened = is(&["t"]) && matches!(before[1], "'" | "’") && before[0].ends_with('n');
        if is(&ANEW) {
            against = false;
        } else if shortened || is(&AGAINST) {
            against = true;
        } else {
            if against { &mut not } else { &mut wished }.push(word);
        }
        before = [before[1], word];
    }
    [wished.join(" "), not.join(" ")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_a_half_that_is_wished_for_and_one_that_is_not() {
        let of = |words| halves(words);
        assert_eq!(
            of("i like space operas , but not horror or war"),
            ["i like space operas ,", "horror or war"]
        );
        assert_eq!(of("no horror . comedy"), ["comedy", "horror"]);
        assert_eq!(of("not war but love"), ["love", "war"]);
        assert_eq!(of("i don ' t like westerns"), ["i don '", "like westerns"]);
        assert_eq!(of("robots"), ["robots", ""]);
        assert_eq!(of(""), ["", ""]);
    }
}
