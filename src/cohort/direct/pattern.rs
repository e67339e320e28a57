/// A few bytes that may come next, compared sixteen at a time.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    bytes: Box<[u8]>,
    first: u128,
    mask: u128,
}

/// How many bytes are compared at once.
const WIDTH: usize = 16;

impl Pattern {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut first = [0; WIDTH];
        let mut mask = [0; WIDTH];
        for ((first, mask), byte) in first.iter_mut().zip(&mut mask).zip(bytes) {
            (*first, *mask) = (*byte, u8::MAX);
        }
        Pattern { bytes: bytes.into(), first: u128::from_le_bytes(first), mask: u128::from_le_bytes(mask) }
    }

    /// The bytes.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// What follows, where the text begins so.
    #[inline]
    pub(super) fn strip<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let begins = match text.first_chunk::<WIDTH>() {
            Some(chunk) => {
                u128::from_le_bytes(*chunk) & self.mask == self.first
                    && (self.bytes.len() <= WIDTH || text.starts_with(&self.bytes))
            }
            None => text.starts_with(&self.bytes),
        };
        if begins { text.get(self.bytes.len()..) } else { None }
    }
}
