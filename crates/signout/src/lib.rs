//! Every way a session ends by somebody's word: here, at the identity provider, and from there.
//!
//! Owns the table `heard_tokens`. The invariants: nothing ends by a token that was not verified for this very
//! connection; a token heard twice ends nothing twice; what ends, ends in the transaction that records it; whoever is
//! out everywhere is out with all they had.

mod at_idp;
mod backchannel;
mod everywhere;
mod heard;
mod here;
mod subject_id;
mod turns;
mod universal;

pub use backchannel::{LogoutError, backchannel_logout};
pub use everywhere::{Ended, erase, everywhere, set_access};
pub use heard::{NotNow, tidy};
pub use turns::Turns;
pub use universal::{Revocation, RevocationError, RevocationRequest, revocation_request};

pub use at_idp::{Asking, Departure, Offer, Return, come_back, depart, offer};
pub use here::{AtIdp, Leaving, Reach, leave};
