//! Products in other languages, each with the library that people use there.

mod node;
mod python;
