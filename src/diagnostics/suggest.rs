//! "Did you mean": the nearest name to a misspelt one.

/// The candidate nearest to `word`, when it is near enough to be what was meant.
///
/// Distance is that of Damerau and Levenshtein with adjacent swaps (optimal string alignment), case and
/// underscores ignored; at most a third of the longer word may differ.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = letters(word);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = letters(candidate);
            let distance = distance(&wanted, &other);
            let allowed = (wanted.len().max(other.len()) / 3).max(1);
            (distance <= allowed && distance < wanted.len()).then_some((distance, candidate))
        })
        .min_by_key(|(distance, candidate)| (*distance, candidate.len()))
        .map(|(_, candidate)| candidate)
}

fn letters(word: &str) -> Vec<char> {
    word.chars().filter(|letter| *letter != '_').flat_map(char::to_lowercase).take(80).collect()
}

fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(above.len());
        current.push(row + 1);
        for (column, b) in right.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let substitute = at(&above, column) + usize::from(a != b);
            let mut best = substitute.min(at(&above, column + 1) + 1).min(at(&current, column) + 1);
            let swapped = row > 0 && column > 0 && left.get(row - 1) == Some(b) && right.get(column - 1) == Some(a);
            if swapped {
                best = best.min(at(&before, column - 1) + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(left.len())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let names = ["finding", "number", "physician_global", "patient_global"];
        assert_eq!(nearest("fniding", names), Some("finding"));
        assert_eq!(nearest("physicianglobal", names), Some("physician_global"));
        assert_eq!(nearest("drug_name", names), None);
    }
}
