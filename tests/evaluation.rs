//! What expressions come to, held against what Terraform 1.11 makes of them: 1,784, put together at random of its functions,
//! operators and odd arguments, and every function with `null`. Its answers stand beside them in `fixtures/evaluation/recorded.txt`;
//! `TAUTLINE_RECORD=1` asks it again.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads its fixture and asks the real terraform"
)]
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value as Json;
use tautline::model::{Data, ExprRef, Repo, Scope, Value};
use tautline::syntax::{Format, SourceFile};
use tautline::text::FileId;

/// What Terraform says of an expression that it refuses.
const REFUSED: &str = "refused";

/// Where we say something else, and why that is left as it is.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[
    ("(range(100, 100) == compact([]))", OTHER_TYPES),
    ("({  } == transpose({  }))", OTHER_TYPES),
];

const OTHER_TYPES: &str =
    "a value does not say whether it is a list or a tuple, a map or an object";

/// An expression, and what Terraform makes of it: JSON, or that it refuses it.
struct Recorded {
    expression: String,
    answer: String,
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/evaluation/recorded.txt")
}

/// One line for each: the expression, a tab, the answer.
fn recorded() -> Vec<Recorded> {
    let text = fs::read_to_string(file()).unwrap();
    let line = |line: &str| {
        let (expression, answer) = line.split_once('\t').unwrap_or((line, ""));
        Recorded { expression: expression.to_owned(), answer: answer.to_owned() }
    };
    text.lines().map(line).collect()
}

/// What we know of the value of an expression.
enum Known {
    Value(Json),
    Refused(String),
    Nothing,
}

/// The same of each expression, as a local of one module.
fn evaluated(recorded: &[Recorded]) -> Vec<Known> {
    let mut text = String::from("locals {\n");
    for (number, it) in recorded.iter().enumerate() {
        writeln!(text, "  e{number} = {}", it.expression).unwrap();
    }
    text.push_str("}\n");
    let path = "stacks/app/main.tf";
    let files = [SourceFile::new(FileId(0), path.into(), text.as_str().into(), Format::of(path))];
    assert!(files[0].hcl.as_ref().unwrap().errors.is_empty(), "an expression cannot be parsed");
    let repo = Repo::build(&files, &[]);
    let module = repo.module(repo.module_in("stacks/app").unwrap());
    let scope = Scope::instance(module.instances[0]);
    let known = |number: usize| {
        let local = module.names.locals[format!("e{number}").as_str()];
        let expr = ExprRef { file: local.file, expr: local.expr };
        match (repo.refusal(expr, &scope), json(&repo.eval(expr, &scope))) {
            (Some(refusal), _) => Known::Refused(refusal.why),
            (None, Some(value)) => Known::Value(value),
            (None, None) => Known::Nothing,
        }
    };
    (0..recorded.len()).map(known).collect()
}

/// `value` as JSON, where all of it is known.
fn json(value: &Value) -> Option<Json> {
    Some(match &value.data {
        Data::Null => Json::Null,
        Data::Bool(value) => Json::Bool(*value),
        Data::Number(text) => serde_json::from_str(text).ok()?,
        Data::Text(_) => Json::String(value.as_str()?.into_owned()),
        Data::List(list) if list.open.is_none() => {
            Json::Array(list.items.iter().map(json).collect::<Option<_>>()?)
        }
        Data::Map(map) if map.open.is_none() => {
            let entries = map.sorted().into_iter();
            let entry = |it: &tautline::model::Entry| Some((it.key.to_string(), json(&it.value)?));
            Json::Object(entries.map(entry).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// Whether both are the same, where numbers are as near as a double tells them apart.
fn is_same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            (a - b).abs() <= 1e-9 * a.abs().max(1.0)
        }
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && is_same(a, b))
        }
        _ => one == other,
    }
}

#[test]
fn what_is_known_is_what_terraform_makes_of_it() {
    let mut recorded = recorded();
    if env::var_os("TAUTLINE_RECORD").is_some() {
        record(&mut recorded);
    }
    let (mut same, mut both_refuse, mut wrong) = (0, 0, Vec::new());
    let mut excused: Vec<&str> = Vec::new();
    for (it, known) in recorded.iter().zip(evaluated(&recorded)) {
        let Recorded { expression, answer } = it;
        let said = match known {
            Known::Refused(_) if answer == REFUSED => {
                both_refuse += 1;
                continue;
            }
            // Not everything that Terraform refuses is told; nor is everything known.
            Known::Value(_) if answer == REFUSED => continue,
            Known::Nothing => continue,
            Known::Value(value) if is_same(&value, &serde_json::from_str(answer).unwrap()) => {
                same += 1;
                continue;
            }
            Known::Value(value) => value.to_string(),
            Known::Refused(why) => format!("refused: {why}"),
        };
        match KNOWN_DIFFERENCES.iter().find(|(known, _)| known == expression) {
            Some((known, _)) => excused.push(known),
            None => wrong.push(format!("{expression}\n  Terraform: {answer}\n  tautline: {said}")),
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    let all: Vec<&str> = KNOWN_DIFFERENCES.iter().map(|(known, _)| *known).collect();
    assert_eq!(excused, all, "a known difference is none any more");
    // What is not known cannot be wrong, but most of it is.
    assert!(same > SAME_AT_LEAST, "of {} only {same} are known", recorded.len());
    assert!(both_refuse > REFUSED_AT_LEAST, "only {both_refuse} are told as refused");
}

const SAME_AT_LEAST: usize = 800;
const REFUSED_AT_LEAST: usize = 500;

/// Asks Terraform for the answers, and writes them down.
fn record(all: &mut [Recorded]) {
    let directory = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for (number, it) in all.iter().enumerate() {
        let expression = &it.expression;
        writeln!(
            text,
            "output \"e{number}\" {{\n  value = try(jsonencode({expression}), \"{REFUSED}\")\n}}"
        )
        .unwrap();
    }
    fs::write(directory.path().join("main.tf"), text).unwrap();
    let terraform = |arguments: &[&str]| {
        let command = Command::new("terraform")
            .args(arguments)
            .current_dir(directory.path())
            .env("CHECKPOINT_DISABLE", "1")
            .output();
        let output = command.expect("recording needs terraform");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    terraform(&["init", "-input=false"]);
    terraform(&["apply", "-auto-approve", "-input=false"]);
    let outputs: Json = serde_json::from_slice(&terraform(&["output", "-json"])).unwrap();
    let mut lines = String::new();
    for (number, it) in all.iter_mut().enumerate() {
        let value = &outputs[format!("e{number}")]["value"];
        // What is null as a whole is not encoded.
        value.as_str().unwrap_or("null").clone_into(&mut it.answer);
        writeln!(lines, "{}\t{}", it.expression, it.answer).unwrap();
    }
    fs::write(file(), lines).unwrap();
}
