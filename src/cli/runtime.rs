//! The SQLSTATEs that deployed functions raise, each with its page.

/// A code that a call can end with.
pub(super) struct RuntimeCode {
    /// The SQLSTATE.
    pub id: &'static str,
    /// The page behind `kf explain`, in Markdown.
    pub page: &'static str,
}

macro_rules! runtime_codes {
    ($($id:literal)*) => {
        /// Every code, in order.
        pub(super) const ALL: &[RuntimeCode] =
            &[$(RuntimeCode { id: $id, page: include_str!(concat!("../../docs/errors/", $id, ".md")) },)*];
    };
}

runtime_codes! {
    "KF001" "KF002" "KF003" "KF004" "KF005" "KF006" "KF007" "KF008" "KF009" "KF010" "KF011" "KF012" "KF013"
    "KF014" "KF020" "KF021" "KF022"
}

impl RuntimeCode {
    /// The few words after the code in the page's first line.
    pub fn title(&self) -> &'static str {
        let heading = self.page.lines().next().unwrap_or_default();
        heading.split_once(": ").map_or(heading, |(_, title)| title)
    }
}
