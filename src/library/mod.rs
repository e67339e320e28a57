//! The rules as a set of files: those shipped in the program, or a folder of the user's.
//!
//! Paths are relative to the folder of rules and use `/`: `dictionary/core_set.yaml`,
//! `acr_eular_response/2016.1.0/response.rules`.
