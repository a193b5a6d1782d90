//! Kubernetes quantities and percentages.

/// The number of bytes (or plain units) that a quantity such as `10Gi`, `500M`, `1.5Ti` or `1e9` stands for.
pub(super) fn quantity(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..digits].parse().ok()?;
    let suffix = &text[digits..];
    if let Some(power) = suffix.strip_prefix(['e', 'E']).and_then(|power| power.parse().ok()) {
        return Some(number * 10.0_f64.powi(power));
    }
    let factor = match suffix {
        "" => 1.0,
        "m" => 1e-3,
        "k" | "K" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1024.0_f64.powi(2),
        "Gi" => 1024.0_f64.powi(3),
        "Ti" => 1024.0_f64.powi(4),
        "Pi" => 1024.0_f64.powi(5),
        "Ei" => 1024.0_f64.powi(6),
        _ => return None,
    };
    Some(number * factor)
}

/// The number in `10%`.
pub(super) fn percent(text: &str) -> Option<f64> {
    text.trim().strip_suffix('%')?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_compare_across_units() {
        assert!(quantity("1Gi") > quantity("1000Mi"));
        assert!(quantity("1Gi") > quantity("1G"));
        assert_eq!(quantity("0.5Gi"), quantity("512Mi"));
        assert_eq!(quantity("1e6"), quantity("1M"));
        assert_eq!(quantity("12E2"), quantity("1200"));
        assert!(quantity("1E") > quantity("1P"));
        assert_eq!(quantity("1e"), None);
        assert_eq!(quantity("ten"), None);
        assert_eq!(percent("10%"), Some(10.0));
        assert_eq!(percent("10Gi"), None);
    }
}
