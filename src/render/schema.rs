//! x
/// x
pub fn result() -> serde_json::Value { serde_json::Value::Null }
