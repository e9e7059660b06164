//! One page. Its options are clap_mangen's; what stands below a help is written here, since its lines must stay lines.

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

const SOURCE: &str = concat!("kf ", env!("CARGO_PKG_VERSION"));

/// `kf-db-start.1`
pub(super) fn file_name(command: &Command) -> String {
    man(command).get_filename()
}

fn man(command: &Command) -> Man {
    // Only the command itself has a version, so that no other page repeats it.
    Man::new(command.clone()).source(SOURCE).manual("Kuneiform")
}

/// The page as roff.
pub(super) fn write(command: &Command) -> Vec<u8> {
    let page = man(command);
    let mut text = Vec::new();
    // A vector takes all that is written into it.
    let _ = page.render_title(&mut text);
    let _ = page.render_name_section(&mut text);
    let _ = page.render_synopsis_section(&mut text);
    let _ = page.render_description_section(&mut text);
    if command.get_arguments().any(|argument| !argument.is_hide_set()) {
        let _ = page.render_options_section(&mut text);
    }
    if command.has_subcommands() {
        let _ = page.render_subcommands_section(&mut text);
    }
    if let Some(below) = command.get_after_help() {
        let _ = sections(&below.to_string()).to_writer(&mut text);
    }
    text
}

/// What follows which heading, line by line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// No section has begun, or an empty line has ended it.
    Nothing,
    /// Lines that stay lines.
    Lines,
    /// Running text.
    Text,
}

/// `Examples:` and `Exit codes: ..` begin sections, what is indented keeps its lines, the rest is running text.
fn sections(below: &str) -> Roff {
    let mut page = Roff::new();
    let mut within = Within::Nothing;
    for line in below.lines() {
        let literal = line.starts_with(' ');
        if within == Within::Lines && !literal {
            page.control("fi", []);
            within = Within::Nothing;
        }
        if literal && within != Within::Lines {
            page.control("nf", []);
            within = Within::Lines;
        }
        within = match (line, line.strip_suffix(':'), line.strip_prefix("Exit codes: ")) {
            ("", ..) => Within::Nothing,
            _ if literal => written(&mut page, line, within),
            (_, Some(heading), _) => begun(&mut page, heading),
            (_, _, Some(codes)) => {
                let within = begun(&mut page, "Exit status");
                written(&mut page, codes, within)
            }
            _ if within == Within::Nothing => {
                let within = begun(&mut page, "Notes");
                written(&mut page, line, within)
            }
            _ => written(&mut page, line, within),
        };
    }
    if within == Within::Lines {
        page.control("fi", []);
    }
    page
}

fn begun(page: &mut Roff, heading: &str) -> Within {
    page.control("SH", [heading.to_uppercase().as_str()]);
    Within::Text
}

fn written(page: &mut Roff, line: &str, within: Within) -> Within {
    page.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    within
}
