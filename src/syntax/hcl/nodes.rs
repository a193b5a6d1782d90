//! The tree. Ranges are byte ranges of the file the tree was parsed from.

use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::text::TextRange;

/// What stands between the braces of a block, or a whole file.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// Attributes and blocks in source order.
    pub items: Vec<Item>,
    /// From after `{` to before `}`; for a file, all of it.
    pub range: TextRange,
}

/// One element of a body.
#[derive(Clone, Debug)]
pub enum Item {
    /// `name = value`
    Attribute(Attribute),
    /// `type "label" { … }`
    Block(Block),
}

/// A bare name.
#[derive(Clone, Debug)]
pub struct Ident {
    /// The name.
    pub name: SmolStr,
    /// Where it stands.
    pub range: TextRange,
}

/// `name = value`
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name.
    pub key: Ident,
    /// The value.
    pub value: Expr,
    /// From the name to the end of the value.
    pub range: TextRange,
}

/// `type "label" … { … }`
#[derive(Clone, Debug)]
pub struct Block {
    /// The block's type.
    pub kind: Ident,
    /// Its labels, quoted or bare.
    pub labels: Vec<Ident>,
    /// What it holds.
    pub body: Body,
    /// From the type to its last label: what a diagnostic about the whole block underlines.
    pub header: TextRange,
    /// From the type to the closing brace.
    pub range: TextRange,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// From its first to its last token.
    pub range: TextRange,
}

/// The kinds of expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number as written.
    Number(SmolStr),
    /// A quoted string or heredoc, with or without interpolation.
    Template(Box<Template>),
    /// `[a, b]`
    Tuple(Vec<Expr>),
    /// `{ a = b, (c) : d }`
    Object(Vec<ObjectEntry>),
    /// `(a)`
    Paren(Box<Expr>),
    /// `!a`, `-a`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`
    Binary(Box<Binary>),
    /// `a ? b : c`
    Conditional(Box<Conditional>),
    /// `f(a, b...)`
    Call(Box<Call>),
    /// `[for …]`, `{for …}`
    For(Box<ForExpr>),
    /// A root name: `var`, `local`, `each`, `kubernetes_namespace`, …
    Variable(SmolStr),
    /// `base.a[0]["k"].*.b`
    Traversal(Box<Traversal>),
    /// Text that did not parse as an expression (only where an error was reported).
    Error,
}

/// One `key = value` of an object.
#[derive(Clone, Debug)]
pub struct ObjectEntry {
    /// The key. A bare name is `ExprKind::Variable`; `(name)` is `ExprKind::Paren`.
    pub key: Expr,
    /// The value.
    pub value: Expr,
}

impl ObjectEntry {
    /// The key where it is a bare name or a string without holes.
    pub fn literal_key(&self) -> Option<SmolStr> {
        match &self.key.kind {
            ExprKind::Variable(name) => Some(name.clone()),
            ExprKind::Number(number) => Some(number.clone()),
            ExprKind::Bool(value) => {
                Some(SmolStr::new_static(if *value { "true" } else { "false" }))
            }
            ExprKind::Null => Some(SmolStr::new_static("null")),
            ExprKind::Template(template) => template.as_literal(),
            _ => None,
        }
    }

    /// From the key to the end of the value.
    pub fn range(&self) -> TextRange {
        self.key.range.cover(self.value.range)
    }
}

/// A quoted string or heredoc.
#[derive(Clone, Debug)]
pub struct Template {
    /// How it was written.
    pub form: TemplateForm,
    /// Its parts in order.
    pub parts: Vec<TemplatePart>,
    /// What stands between the delimiters: between the quotes, or the heredoc's lines (from the byte after the opening
    /// line's break to before the line of the closing marker).
    pub inner: TextRange,
}

impl Template {
    /// The string, where there is no interpolation and no directive.
    pub fn as_literal(&self) -> Option<SmolStr> {
        match self.parts.as_slice() {
            [TemplatePart::Literal(literal)] => Some(literal.value.clone()),
            parts => literal_text(parts).map(SmolStr::from),
        }
    }
}

/// The text of `parts`, where there is no interpolation and no directive.
pub fn literal_text(parts: &[TemplatePart]) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        let TemplatePart::Literal(literal) = part else { return None };
        text.push_str(&literal.value);
    }
    Some(text)
}

/// How a template was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TemplateForm {
    /// `"…"`
    Quoted,
    /// `<<EOT`, and the text of a template file.
    Heredoc,
    /// `<<-EOT`: common indentation removed.
    IndentedHeredoc,
}

/// One part of a template.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Text as it is.
    Literal(Literal),
    /// `${ … }`, with or without `~`.
    Interpolation(Interpolation),
    /// `%{ … }`, with or without `~`. A template's `if`/`for` nesting is checked by the parser but kept flat: the parts
    /// between `if` and `endif` follow as ordinary parts.
    Directive(Box<Directive>),
}

/// A run of text in a template. Where `value.len() == range.len()` the text is verbatim and offsets map one to one. An
/// escape (`\n`, `\u00e9`, `$${`, `%%{`) is a literal of its own, and so is each line of an indented heredoc, whose
/// range leaves the removed indentation out.
#[derive(Clone, Debug)]
pub struct Literal {
    /// The text it stands for.
    pub value: SmolStr,
    /// Where it is written.
    pub range: TextRange,
}

/// `${ … }`
#[derive(Clone, Debug)]
pub struct Interpolation {
    /// The expression between the braces.
    pub expr: Expr,
    /// From `${` to `}`.
    pub range: TextRange,
}

/// `%{ … }`
#[derive(Clone, Debug)]
pub struct Directive {
    /// Which one.
    pub kind: DirectiveKind,
    /// From `%{` to `}`.
    pub range: TextRange,
}

/// The template directives.
#[derive(Clone, Debug)]
pub enum DirectiveKind {
    /// `%{ if condition }`
    If(Expr),
    /// `%{ else }`
    Else,
    /// `%{ endif }`
    EndIf,
    /// `%{ for k, v in collection }`
    For {
        /// The first name.
        first: Ident,
        /// The second name, if any.
        second: Option<Ident>,
        /// What is walked.
        collection: Expr,
    },
    /// `%{ endfor }`
    EndFor,
}

/// The unary operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// `left op right`
#[derive(Debug)]
pub struct Binary {
    /// Left operand.
    pub left: Expr,
    /// The operator.
    pub op: BinaryOp,
    /// Right operand.
    pub right: Expr,
}

/// The binary operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are the operators")]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// `condition ? yes : no`
#[derive(Debug)]
pub struct Conditional {
    /// What decides.
    pub condition: Expr,
    /// The value where it holds.
    pub yes: Expr,
    /// The value where it does not.
    pub no: Expr,
}

/// `name(args…)`; a namespaced function keeps its `::`.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function.
    pub name: Ident,
    /// The arguments.
    pub args: Vec<Expr>,
    /// Whether the last argument is expanded (`...`).
    pub expand: bool,
}

/// `[for v in c : x if p]`, `{for k, v in c : a => b... if p}`
#[derive(Clone, Debug)]
pub struct ForExpr {
    /// The first name.
    pub first: Ident,
    /// The second name, if any.
    pub second: Option<Ident>,
    /// What is walked.
    pub collection: Expr,
    /// The key, in an object `for`.
    pub key: Option<Expr>,
    /// The value.
    pub value: Expr,
    /// Whether values are grouped (`...`).
    pub grouped: bool,
    /// The filter.
    pub condition: Option<Expr>,
}

/// A base and the steps taken from it; never empty.
#[derive(Clone, Debug)]
pub struct Traversal {
    /// Where it starts.
    pub base: Expr,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// One step of a traversal.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// From `.` or `[` to its end.
    pub range: TextRange,
}

/// The kinds of step.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// `.name`
    Attribute(SmolStr),
    /// `.0`, the legacy index
    LegacyIndex(SmolStr),
    /// `[expr]`
    Index(Box<Expr>),
    /// `.*`
    AttributeSplat,
    /// `[*]`
    FullSplat,
}

impl Body {
    /// The blocks directly inside, in order.
    pub fn blocks(&self) -> impl DoubleEndedIterator<Item = &Block> {
        self.items.iter().filter_map(|item| match item {
            Item::Block(block) => Some(block),
            Item::Attribute(_) => None,
        })
    }

    /// The blocks of one type directly inside.
    pub fn blocks_of<'a>(&'a self, kind: &'a str) -> impl DoubleEndedIterator<Item = &'a Block> {
        self.blocks().filter(move |block| block.kind.name == kind)
    }

    /// The first block of one type directly inside.
    pub fn block(&self, kind: &str) -> Option<&Block> {
        self.blocks().find(|block| block.kind.name == kind)
    }

    /// The attributes directly inside, in order.
    pub fn attributes(&self) -> impl DoubleEndedIterator<Item = &Attribute> {
        self.items.iter().filter_map(|item| match item {
            Item::Attribute(attribute) => Some(attribute),
            Item::Block(_) => None,
        })
    }

    /// The attribute of that name directly inside.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes().find(|attribute| attribute.key.name == name)
    }

    /// The values of all attributes, also of those in blocks inside, in source order.
    pub fn expressions(&self) -> Vec<&Expr> {
        self.expressions_without(&[])
    }

    /// The same without those of attributes and blocks with one of these `names`.
    pub fn expressions_without(&self, names: &[&str]) -> Vec<&Expr> {
        let mut found = Vec::new();
        let mut waiting: SmallVec<[&Item; 16]> = self.items.iter().rev().collect();
        while let Some(item) = waiting.pop() {
            match item {
                Item::Attribute(Attribute { key, .. }) | Item::Block(Block { kind: key, .. })
                    if names.contains(&key.name.as_str()) => {}
                Item::Attribute(attribute) => found.push(&attribute.value),
                Item::Block(block) => waiting.extend(block.body.items.iter().rev()),
            }
        }
        found
    }

    /// Every expression in it, each before those inside it, in source order.
    pub fn descendants(&self) -> impl Iterator<Item = &Expr> {
        self.expressions().into_iter().flat_map(Expr::descendants)
    }
}

impl Item {
    /// Where it stands.
    pub fn range(&self) -> TextRange {
        match self {
            Item::Attribute(attribute) => attribute.range,
            Item::Block(block) => block.range,
        }
    }
}

impl Block {
    /// The label at `index`, if there is one.
    pub fn label(&self, index: usize) -> Option<&str> {
        self.labels.get(index).map(|label| label.name.as_str())
    }

    /// What a `dynamic` block calls its element: what its `iterator` says, else the type of the blocks it makes.
    pub fn iterator(&self) -> Option<&str> {
        match self.body.attribute("iterator").map(|iterator| &iterator.value.kind) {
            Some(ExprKind::Variable(name)) => Some(name),
            _ => self.label(0),
        }
    }
}

impl Traversal {
    /// The name, where it is `local.NAME` and no more.
    pub fn local(&self) -> Option<&str> {
        let is_local = matches!(&self.base.kind, ExprKind::Variable(root) if root == "local");
        match self.steps.as_slice() {
            [Step { kind: StepKind::Attribute(name), .. }] if is_local => Some(name),
            _ => None,
        }
    }
}

impl Expr {
    /// The value of the entry `key` of the object that is written here.
    pub fn entry(&self, key: &str) -> Option<&Expr> {
        let ExprKind::Object(entries) = &self.kind else { return None };
        let is_it = |entry: &&ObjectEntry| entry.literal_key().is_some_and(|it| it == key);
        entries.iter().find(is_it).map(|entry| &entry.value)
    }

    /// The expression inside any parentheses around it.
    pub fn unparenthesised(&self) -> &Expr {
        let mut expr = self;
        while let ExprKind::Paren(inner) = &expr.kind {
            expr = inner;
        }
        expr
    }

    /// The string, where it is one without holes.
    pub fn as_literal(&self) -> Option<SmolStr> {
        match &self.unparenthesised().kind {
            ExprKind::Template(template) => template.as_literal(),
            _ => None,
        }
    }
}
