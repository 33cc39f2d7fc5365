//! Products behind the door: the sample product, and what each guide makes from nothing.

mod guide;
mod peer;
mod peers;
mod product;
mod rust;
