//! What somebody probably meant.

/// The name most like `typed`, when one is like it: a few letters off, or the same key in another section.
pub(crate) fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    if typed.chars().count() > 100 {
        return None;
    }
    let (best, letters_off) = names
        .clone()
        .map(|name| (name, distance(typed, name)))
        .min_by_key(|(_, letters_off)| *letters_off)?;
    if letters_off <= (best.len() / 4).max(2) {
        return Some(best);
    }
    let key = typed.rsplit('.').next()?;
    names.into_iter().find(|name| name.rsplit('.').next() == Some(key))
}

/// Letters to insert, remove or change to get from one word to the other (Levenshtein's distance).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut left = line + 1;
        let mut next = vec![left];
        for (other_letter, above) in other.chars().zip(row.windows(2)) {
            let (diagonal, up) = match above {
                [diagonal, up] => (*diagonal, *up),
                _ => continue,
            };
            let change = diagonal + usize::from(letter != other_letter);
            left = change.min(up + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["server.listen", "server.public_url", "product.name"];

    #[test]
    fn a_slip_of_the_pen_is_understood() {
        let meant = |typed| nearest(typed, NAMES.into_iter());
        assert_eq!(meant("server.lissten"), Some("server.listen"));
        assert_eq!(meant("sever.listen"), Some("server.listen"));
        assert_eq!(meant("server.publicurl"), Some("server.public_url"));
        assert_eq!(meant("brand.name"), Some("product.name"));
        assert_eq!(meant("cache.size"), None);
        assert_eq!(meant(""), None);
    }

    #[test]
    fn distance_counts_letters() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
