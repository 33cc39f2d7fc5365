//! The peers: programs that others wrote, met over the wire. Chromium walks the pages, a certified OpenID
//! Provider signs people in, a mail server takes the letters.

mod behind_the_door;
mod browser;
mod peer;
mod program;
