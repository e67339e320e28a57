//! `releases.lock`: the hash of each flat release, so that no rules change under a number that is in use.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{codes, next_patch};
use crate::catalog::{GuidelineInfo, Status};
use crate::diagnostics::Diagnostic;

const HEAD: &str = "# The hash of each release with all that it takes over; `myoguide check --lock` writes it.\n";

/// The hashes that were written down, by the full names of the releases.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock(BTreeMap<String, String>);

impl Lock {
    /// Reads the lines `NAME@RELEASE HASH`; any other is as good as none.
    pub fn read(text: &str) -> Self {
        let line = |line: &str| line.split_once(' ').map(|(name, hash)| (name.to_owned(), hash.trim().to_owned()));
        Lock(text.lines().filter(|line| !line.starts_with('#')).filter_map(line).collect())
    }

    /// What is wrong with a release that now has this hash.
    pub fn check(&self, info: &GuidelineInfo, hash: &str) -> Option<Diagnostic> {
        match self.0.get(&info.full_name()) {
            Some(known) if known == hash => None,
            Some(_) if info.status != Status::Draft => Some(codes::patch_needed(info, next_patch(info.release.value))),
            None if info.status == Status::Draft => None,
            known => Some(codes::renew_lock(info, known.is_some())),
        }
    }

    /// The lock with the hashes of these releases, and of no other. A release in use keeps the hash it was locked with.
    pub fn renewed<'a>(&self, releases: impl Iterator<Item = (&'a GuidelineInfo, &'a str)>) -> String {
        let mut text = HEAD.to_owned();
        for (info, hash) in releases {
            let name = info.full_name();
            let known = self.0.get(&name).filter(|_| info.status != Status::Draft);
            let _ = writeln!(text, "{name} {}", known.map_or(hash, String::as_str));
        }
        text
    }
}
