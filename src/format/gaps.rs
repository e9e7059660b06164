//! What stands between two tokens: comments and empty lines.

/// One comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Comment<'t> {
    /// With its marks, without space at its end.
    pub text: &'t str,
    /// Line ends between it and what stands before it.
    pub lines_before: usize,
}

impl Comment<'_> {
    /// True for `// ..` and `-- ..`, after which a line must end.
    pub(super) fn is_line(&self) -> bool {
        !self.text.starts_with("/*")
    }
}

/// Comments and line ends before a token.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Gap<'t> {
    pub comments: Vec<Comment<'t>>,
    /// Line ends between the last comment, or the token before, and the token.
    pub lines_after: usize,
}

impl<'t> Gap<'t> {
    /// Reads `text`, which holds space and comments only.
    pub(super) fn read(text: &'t str) -> Gap<'t> {
        let mut gap = Gap::default();
        let mut rest = text;
        let mut lines = 0;
        while let Some(first) = rest.chars().next() {
            let length = comment_length(rest);
            if length > 0 {
                let (comment, after) = rest.split_at(length);
                gap.comments.push(Comment { text: comment.trim_end(), lines_before: lines });
                (lines, rest) = (0, after);
            } else {
                lines += usize::from(first == '\n');
                rest = rest.get(first.len_utf8()..).unwrap_or("");
            }
        }
        gap.lines_after = lines;
        gap
    }

    /// True if the author ended a line somewhere here.
    pub(super) fn has_line_end(&self) -> bool {
        self.lines_after > 0 || self.comments.iter().any(|comment| comment.lines_before > 0)
    }

    /// Takes out the comments that stand on the line of the token before.
    pub(super) fn take_trailing(&mut self) -> Vec<Comment<'t>> {
        let own = self.comments.iter().position(|comment| comment.lines_before > 0);
        let rest = self.comments.split_off(own.unwrap_or(self.comments.len()));
        std::mem::replace(&mut self.comments, rest)
    }

    /// Puts `comments`, which stood before a mark with `lines` after them, in front of what stands after it.
    pub(super) fn put_first(&mut self, comments: Vec<Comment<'t>>, lines: usize) {
        if comments.is_empty() {
            return;
        }
        match self.comments.first_mut() {
            Some(first) => first.lines_before = first.lines_before.max(lines),
            None => self.lines_after = self.lines_after.max(lines),
        }
        self.comments.splice(0..0, comments);
    }

    /// This gap with that of a token between them, which is left out.
    pub(super) fn join(mut self, after: Gap<'t>) -> Gap<'t> {
        let mut comments = after.comments;
        match comments.first_mut() {
            Some(first) => first.lines_before += self.lines_after,
            None => self.lines_after += after.lines_after,
        }
        if !comments.is_empty() {
            self.lines_after = after.lines_after;
        }
        self.comments.extend(comments);
        self
    }
}

/// Bytes of the comment that `text` begins with; nothing if it begins with something else.
fn comment_length(text: &str) -> usize {
    if text.starts_with("//") || text.starts_with("--") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return text.get(2..).and_then(|inside| inside.find("*/")).map_or(text.len(), |end| end + 4);
    }
    0
}
