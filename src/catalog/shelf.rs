use std::collections::HashMap;

use crate::source::{Span, Spanned};

/// Entries by name and number, read one by one.
#[derive(Debug, Clone)]
pub(super) struct Shelf<T> {
    slots: Vec<Slot<T>>,
    by_name: HashMap<String, u32>,
}

#[derive(Debug, Clone)]
struct Slot<T> {
    name: Spanned<String>,
    /// The entry with its key: YAML by itself.
    stretch: Span,
    /// Its normal form, once it was read.
    normal_form: Box<str>,
    state: State<T>,
}

#[derive(Debug, Clone)]
enum State<T> {
    Unread,
    /// Asked for; nothing came of it, or nothing yet.
    Asked,
    Read(T),
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Shelf { slots: Vec::new(), by_name: HashMap::new() }
    }
}

impl<T> Shelf<T> {
    /// Takes an entry in; the place of the earlier one when the name is taken.
    pub(super) fn put(&mut self, name: Spanned<String>, stretch: Span) -> Result<u32, Span> {
        if let Some(earlier) = self.find(&name.value).and_then(|position| self.place(position)) {
            return Err(earlier);
        }
        let position = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        self.by_name.insert(name.value.clone(), position);
        self.slots.push(Slot { name, stretch, normal_form: Box::default(), state: State::Unread });
        Ok(position)
    }

    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    pub(super) fn get(&self, position: u32) -> Option<&T> {
        match &self.slots.get(position as usize)?.state {
            State::Read(value) => Some(value),
            State::Unread | State::Asked => None,
        }
    }

    pub(super) fn get_mut(&mut self, position: u32) -> Option<&mut T> {
        match &mut self.slots.get_mut(position as usize)?.state {
            State::Read(value) => Some(value),
            State::Unread | State::Asked => None,
        }
    }

    pub(super) fn name(&self, position: u32) -> &str {
        self.slots.get(position as usize).map_or("", |slot| &slot.name.value)
    }

    pub(super) fn place(&self, position: u32) -> Option<Span> {
        self.slots.get(position as usize).map(|slot| slot.name.span)
    }

    /// The entry with its key: YAML by itself.
    pub(super) fn stretch(&self, position: u32) -> Option<Span> {
        self.slots.get(position as usize).map(|slot| slot.stretch)
    }

    /// The entry with its key in its normal form; empty while it was not read.
    pub(super) fn normal_form(&self, position: u32) -> &str {
        self.slots.get(position as usize).map_or("", |slot| &slot.normal_form)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().map(|slot| slot.name.value.as_str())
    }

    pub(super) fn positions(&self) -> impl Iterator<Item = u32> + use<T> {
        0..u32::try_from(self.slots.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn read(&self) -> impl Iterator<Item = (u32, &T)> {
        self.positions().filter_map(|position| Some((position, self.get(position)?)))
    }

    /// The name and text of an entry nobody asked for yet; from now on it counts as asked for.
    pub(super) fn ask(&mut self, position: u32) -> Option<(Spanned<String>, Span)> {
        let slot = self.slots.get_mut(position as usize)?;
        match slot.state {
            State::Unread => {
                slot.state = State::Asked;
                Some((slot.name.clone(), slot.stretch))
            }
            State::Asked | State::Read(_) => None,
        }
    }

    pub(super) fn note(&mut self, position: u32, normal_form: String) {
        if let Some(slot) = self.slots.get_mut(position as usize) {
            slot.normal_form = normal_form.into();
        }
    }

    pub(super) fn set(&mut self, position: u32, value: T) {
        if let Some(slot) = self.slots.get_mut(position as usize) {
            slot.state = State::Read(value);
        }
    }
}
