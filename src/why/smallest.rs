/// The smallest selection that is enough, by leaving out what comes first first: of the selections from which nothing
/// can be left out, the one that keeps the latest. All together must be enough.
///
/// What stands before the first item that must be kept is left out at one stroke, and that item is found by halving, so
/// few that are kept cost few tries (Junker 2004, on preferred explanations; here what is left out is one stretch). At
/// the end each that is kept is tried once more alone: nothing is kept for nothing where a try was not exact.
pub(super) fn smallest<T: Copy>(items: &[T], mut enough: impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    let mut rest = items;
    loop {
        let with = |count: usize| [kept.as_slice(), rest.get(count..).unwrap_or_default()].concat();
        if enough(&with(rest.len())) {
            break;
        }
        // So many of the rest can go together, and not one more.
        let (mut can, mut cannot) = (0, rest.len());
        while cannot - can > 1 {
            let half = usize::midpoint(can, cannot);
            if enough(&with(half)) {
                can = half;
            } else {
                cannot = half;
            }
        }
        kept.extend(rest.get(can));
        rest = rest.get(can + 1..).unwrap_or_default();
    }
    let mut at = 0;
    while at < kept.len() {
        let others: Vec<T> = kept.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, one)| *one).collect();
        if enough(&others) {
            kept = others;
            at = 0;
        } else {
            at += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::smallest;

    #[test]
    fn keeps_what_is_needed_and_the_latest_of_what_can_stand_for_another() {
        let items: Vec<u32> = (0..40).collect();
        let mut tries = 0;
        let kept = smallest(&items, |kept| {
            tries += 1;
            (kept.contains(&3) || kept.contains(&30)) && kept.contains(&17)
        });
        assert_eq!(kept, [17, 30]);
        assert!(tries < 20, "{tries} tries");
        assert!(smallest(&items, |_| true).is_empty());
        assert_eq!(smallest(&items, |kept| kept.len() == 40), items);
    }
}
