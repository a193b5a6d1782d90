//! Names of a repo, called something else and called so again.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use super::{Code, Named, What, rename};
use crate::syntax::{Format, Parsed};
use crate::workspace::{Content, Workspace};

/// The texts of a repo by path.
type Texts = BTreeMap<String, String>;

fn parsed(texts: &Texts) -> Vec<Parsed> {
    let parse = |(path, text): (&String, &String)| {
        Parsed::new(path.as_str().into(), text.as_str().into(), Format::of(path))
    };
    texts.iter().map(parse).collect()
}

/// `texts` where `named` is called `new`.
fn renamed(texts: &Texts, named: &Named, new: &str) -> Result<Texts, String> {
    let files = parsed(texts);
    let mut edits = rename(&Code::new(files.iter().collect()), named, new)?;
    edits.sort_by_key(|(_, range, _)| Reverse(range.start));
    let mut after = texts.clone();
    for (path, range, text) in edits {
        after.get_mut(path).unwrap().replace_range(range.indices(), &text);
    }
    Ok(after)
}

fn count(texts: &Texts, named: &Named) -> usize {
    let files = parsed(texts);
    Code::new(files.iter().collect()).places(named).len()
}

#[test]
fn a_name_is_another_one_everywhere_and_comes_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/repos/homelab");
    let loaded = Workspace::open(root).unwrap().load().unwrap();
    let texts = loaded.files.into_iter().filter_map(|file| match file.content {
        Content::Text(text) => Some((file.path.to_string(), text.to_string())),
        Content::Skipped(_) => None,
    });
    let texts: Texts = texts.collect();
    let files = parsed(&texts);
    let code = Code::new(files.iter().collect());
    let places = files.iter().flat_map(|file| code.in_file(&file.path));
    let declared: Vec<Named> =
        places.filter(|place| place.is_declaration).map(|place| place.of).collect();
    assert!(declared.len() > 300, "{}", declared.len());
    // Every one takes seconds.
    for named in declared.iter().step_by(7) {
        let other = Named { name: "renamed-here_9".into(), ..named.clone() };
        let after = renamed(&texts, named, &other.name).unwrap();
        let both = (count(&after, named), count(&after, &other));
        assert_eq!(both, (0, code.places(named).len()), "{named} in {}", named.dir);
        let back = renamed(&after, &other, &named.name);
        match &named.what {
            What::Call | What::Resource(_) => {
                assert!(back.unwrap_err().starts_with("a `moved` block in"), "{named}");
            }
            _ => assert!(back.unwrap() == texts, "{named} in {}", named.dir),
        }
    }
}
