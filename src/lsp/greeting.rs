//! What a client is told once, at the start: what is not looked at, lest no finding there look like none.

use lsp_types::notification::ShowMessage;
use lsp_types::{MessageType, ShowMessageParams};

use super::server::Server;
use crate::analysis::hidden_settings;

impl Server {
    /// Tells it all of that.
    pub(super) fn greet(&mut self) {
        self.name_others();
        self.name_nowhere();
        self.name_hidden();
    }

    /// Says which folders nobody looks at.
    fn name_others(&mut self) {
        let others = std::mem::take(&mut self.others);
        if others.is_empty() {
            return;
        }
        let names: Vec<String> = others.iter().map(|it| format!("`{}`", it.display())).collect();
        let (root, names) = (self.session.root().display().to_string(), names.join(", "));
        self.show(
            MessageType::INFO,
            &format!(
                "only `{root}` is checked, the first folder; open {names} in a window of its own"
            ),
        );
    }

    /// Says that nothing is looked at, where nothing is.
    fn name_nowhere(&self) {
        if self.is_nowhere {
            let root = self.session.root().display();
            let message =
                format!("`{root}` is no repo, and nothing is checked; open the folder of one");
            self.show(MessageType::WARNING, &message);
        }
    }

    /// Says that settings are not read because of their name.
    fn name_hidden(&self) {
        let hidden = self.workspace.as_ref().and_then(|it| hidden_settings(it, it.root()));
        if let Some(hidden) = hidden {
            self.show(MessageType::WARNING, &hidden);
        }
    }

    /// Shows a message.
    pub(super) fn show(&self, typ: MessageType, message: &str) {
        let message = format!("tautline: {message}");
        self.tell::<ShowMessage>(ShowMessageParams { typ, message });
    }
}
