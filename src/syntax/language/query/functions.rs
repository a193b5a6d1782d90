//! The functions and aggregations of `PromQL` and `LogQL`, and what each is given.
//!
//! From the documentation of Prometheus 3 and Loki 3; later versions may have more, so of a name that is not here nothing is known.

/// What a function is given. The letters: `v` one value for each series, `r` a range of values, `n` a number, `t` a text;
/// what comes before `?` may be left out, what comes before `*` may be there any number of times.
const FUNCTIONS: [(&str, &[&str]); 19] = [
    (
        "v",
        &[
            "abs",
            "absent",
            "acos",
            "acosh",
            "asin",
            "asinh",
            "atan",
            "atanh",
            "ceil",
            "cos",
            "cosh",
            "deg",
            "exp",
            "floor",
            "histogram_avg",
            "histogram_count",
            "histogram_stddev",
            "histogram_stdvar",
            "histogram_sum",
            "ln",
            "log10",
            "log2",
            "rad",
            "scalar",
            "sgn",
            "sin",
            "sinh",
            "sort",
            "sort_desc",
            "sqrt",
            "tan",
            "tanh",
            "timestamp",
        ],
    ),
    (
        "r",
        &[
            "absent_over_time",
            "avg_over_time",
            "bytes_over_time",
            "bytes_rate",
            "changes",
            "count_over_time",
            "delta",
            "deriv",
            "first_over_time",
            "idelta",
            "increase",
            "irate",
            "last_over_time",
            "mad_over_time",
            "max_over_time",
            "min_over_time",
            "present_over_time",
            "rate",
            "rate_counter",
            "resets",
            "stddev_over_time",
            "stdvar_over_time",
            "sum_over_time",
            "ts_of_first_over_time",
            "ts_of_last_over_time",
            "ts_of_max_over_time",
            "ts_of_min_over_time",
        ],
    ),
    (
        "v?",
        &[
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "days_in_month",
            "hour",
            "minute",
            "month",
            "year",
        ],
    ),
    ("", &["end", "pi", "range", "start", "step", "time"]),
    ("n", &["vector"]),
    ("vn?", &["round"]),
    ("vn", &["clamp_max", "clamp_min"]),
    ("vnn", &["clamp"]),
    ("nv", &["histogram_quantile"]),
    ("nnv", &["histogram_fraction"]),
    ("nr", &["quantile_over_time"]),
    ("rn", &["predict_linear"]),
    ("rn?", &["integral"]),
    ("rnn", &["double_exponential_smoothing", "holt_winters"]),
    ("vttt*", &["label_join"]),
    ("vtttt", &["label_replace"]),
    ("vt*", &["sort_by_label", "sort_by_label_desc"]),
    ("vtnn*", &["histogram_quantiles"]),
    ("vv?", &["info"]),
];

/// Those of them that Loki has.
const LOKI: [&str; 29] = [
    "absent_over_time",
    "approx_topk",
    "avg",
    "avg_over_time",
    "bottomk",
    "bytes_over_time",
    "bytes_rate",
    "count",
    "count_over_time",
    "first_over_time",
    "label_replace",
    "last_over_time",
    "max",
    "max_over_time",
    "min",
    "min_over_time",
    "quantile_over_time",
    "rate",
    "rate_counter",
    "sort",
    "sort_desc",
    "stddev",
    "stddev_over_time",
    "stdvar",
    "stdvar_over_time",
    "sum",
    "sum_over_time",
    "topk",
    "vector",
];

/// Of other languages than these two, and no slips: of `MetricsQL` and of Thanos.
const OTHERS: [&str; 13] = [
    "ideriv",
    "quantiles",
    "quantiles_over_time",
    "rand",
    "sum2",
    "sum2_over_time",
    "tfirst_over_time",
    "tlast_over_time",
    "tmax_over_time",
    "tmin_over_time",
    "xdelta",
    "xincrease",
    "xrate",
];

/// The same of aggregations, whose names may be written in any case.
const AGGREGATIONS: [(&str, &[&str]); 3] = [
    ("v", &["avg", "count", "group", "max", "min", "stddev", "stdvar", "sum"]),
    ("nv", &["approx_topk", "bottomk", "limit_ratio", "limitk", "quantile", "topk"]),
    ("tv", &["count_values"]),
];

/// What a function or an aggregation is given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signature {
    letters: &'static str,
    /// Whether it makes one series of several, so that it may be told `by` what.
    pub(super) aggregates: bool,
}

impl Signature {
    /// That of `name`.
    pub(super) fn of(name: &str) -> Option<Signature> {
        let function = find(&FUNCTIONS, |known| known == name);
        let function = function.map(|letters| Signature { letters, aggregates: false });
        function.or_else(|| {
            let letters = find(&AGGREGATIONS, |known| known.eq_ignore_ascii_case(name))?;
            Some(Signature { letters, aggregates: true })
        })
    }

    /// The letter for the argument at `index`.
    pub(super) fn argument(self, index: usize) -> Option<char> {
        let letters: Vec<char> = self.letters.chars().filter(char::is_ascii_lowercase).collect();
        let last = self.letters.ends_with('*').then(|| letters.last().copied()).flatten();
        letters.get(index).copied().or(last)
    }

    /// How many arguments there must be.
    pub(super) fn least(self) -> usize {
        let letters = self.letters.chars().filter(char::is_ascii_lowercase).count();
        letters - usize::from(self.letters.ends_with(['?', '*']))
    }

    /// How many arguments there may be; none where any number may.
    pub(super) fn most(self) -> Option<usize> {
        let letters = self.letters.chars().filter(char::is_ascii_lowercase).count();
        (!self.letters.ends_with('*')).then_some(letters)
    }
}

/// Whether Loki has `name`, which Prometheus or Loki has.
pub(super) fn is_of_loki(name: &str) -> bool {
    LOKI.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether Loki's `name` computes with numbers that are read out of lines, or else counts lines; none where it does both, or
/// is of something else.
pub(super) fn reads_numbers(name: &str) -> Option<bool> {
    match name {
        "bytes_over_time" | "bytes_rate" | "count_over_time" => Some(false),
        "sum_over_time" | "rate_counter" => Some(true),
        _ => groups_numbers(name).then_some(true),
    }
}

/// Whether Loki's `name` may be told by which labels it puts the numbers together that are read out of lines.
pub(super) fn groups_numbers(name: &str) -> bool {
    matches!(
        name,
        "avg_over_time"
            | "first_over_time"
            | "last_over_time"
            | "max_over_time"
            | "min_over_time"
            | "quantile_over_time"
            | "stddev_over_time"
            | "stdvar_over_time"
    )
}

/// Whether the function `name` gives a number, and not one for each series.
pub(super) fn is_number(name: &str) -> bool {
    matches!(name, "end" | "pi" | "range" | "scalar" | "start" | "step" | "time")
}

/// The function or aggregation that somebody who wrote `name` may have meant.
pub(super) fn near(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    if OTHERS.contains(&&*lower) {
        return None;
    }
    let known = FUNCTIONS.iter().chain(&AGGREGATIONS).flat_map(|(_, names)| names.iter().copied());
    let near = known.map(|known| (strsim::osa_distance(&lower, known), known));
    let near = near.filter(|(distance, _)| name.len() > 3 && *distance <= 1);
    near.min().map(|(_, known)| known)
}

fn find(
    table: &[(&'static str, &[&'static str])],
    is_meant: impl Fn(&str) -> bool,
) -> Option<&'static str> {
    let (letters, _) = table.iter().find(|(_, names)| names.iter().any(|known| is_meant(known)))?;
    Some(letters)
}

/// Every name.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().chain(&AGGREGATIONS).flat_map(|(_, names)| names.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_left_out_and_what_may_be_there_more_than_once() {
        let counts = |name| {
            let signature = Signature::of(name).unwrap();
            (signature.least(), signature.most())
        };
        assert_eq!(counts("time"), (0, Some(0)));
        assert_eq!(counts("hour"), (0, Some(1)));
        assert_eq!(counts("round"), (1, Some(2)));
        assert_eq!(counts("label_join"), (3, None));
        assert_eq!(counts("histogram_quantiles"), (3, None));
        assert_eq!(Signature::of("label_join").unwrap().argument(7), Some('t'));
        assert!(Signature::of("SUM").unwrap().aggregates && Signature::of("RATE").is_none());
    }

    #[test]
    fn a_slip_is_told_from_another_function() {
        assert_eq!(near("increse"), Some("increase"));
        assert_eq!(near("Rate"), Some("rate"));
        assert_eq!(near("rollup_rate"), None);
        assert_eq!(near("mim"), None);
        assert_eq!(near("xrate"), None);
    }
}
