//! All issuers of one practice provider, with the clock and the chance they share.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use vocabulary::{Chance, Clock, Timestamp, random_id};

use crate::{config::Config, issuer::Issuer};

pub(crate) struct Provider {
    /// `http://localhost:PORT`
    pub(crate) base: String,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    paths: Vec<String>,
    issuers: HashMap<String, Mutex<Issuer>>,
}

impl Provider {
    pub(crate) fn new(base: String, config: &Config) -> Self {
        let paths = config.issuers.iter().map(|issuer| issuer.path.clone()).collect();
        let issuers = config
            .issuers
            .iter()
            .map(|issuer| (issuer.path.clone(), Mutex::new(Issuer::new(&base, issuer.clone(), config))))
            .collect();
        Self { base, clock: Arc::clone(&config.clock), chance: Arc::clone(&config.chance), paths, issuers }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A name or secret that nobody can guess.
    pub(crate) fn random(&self) -> String {
        random_id(self.chance.as_ref())
    }

    pub(crate) fn paths(&self) -> &[String] {
        &self.paths
    }

    /// The issuer of this path, for as long as the guard lives; never held across an await.
    pub(crate) fn issuer(&self, path: &str) -> Option<MutexGuard<'_, Issuer>> {
        let issuer = self.issuers.get(path)?;
        Some(issuer.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
