//! A database server that hangs: after a second no copy is trusted, and who asks is told 503, not old news.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use support::{Kind, World, database};

use super::{is_in, page, until};

/// Stands between a node and its server and can hold back everything, as a machine that hangs does.
#[derive(Clone)]
struct Wire {
    hangs: Arc<AtomicBool>,
    url: String,
}

impl Wire {
    fn to(url: &str) -> Self {
        let (before, rest) = url.split_once("127.0.0.1:").expect("a cluster on this machine");
        let (port, after) = rest.split_once('/').expect("a database");
        let server = format!("127.0.0.1:{port}");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("{before}{}/{after}", listener.local_addr().unwrap());
        let wire = Self { hangs: Arc::default(), url };
        let (hangs, copy) = (Arc::clone(&wire.hangs), Self::copy);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(&server).unwrap());
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let hangs = Arc::clone(&hangs);
                    thread::spawn(move || copy(from, to, &hangs));
                }
            }
        });
        wire
    }

    fn copy(mut from: TcpStream, mut to: TcpStream, hangs: &AtomicBool) {
        let mut bytes = [0; 16 * 1024];
        while let Ok(count) = from.read(&mut bytes) {
            while hangs.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(10));
            }
            if count == 0 || to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _gone = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    }

    fn hang(&self, hangs: bool) {
        self.hangs.store(hangs, Ordering::SeqCst);
    }
}

mod a_node_whose_database_hangs_says_503_and_not_old_news {
    use super::*;

    #[test]
    fn postgres() {
        database::tell(Kind::Postgres, async |db| {
            let wire = Wire::to(db.url());
            let world = World::with(db, &[("DATABASE__URL", &wire.url)]).await;
            let bob = world.sign_in("acme", "bob@acme.test").await;
            assert!(is_in(&world.node, &bob, "acme").await);
            wire.hang(true);
            let fresh = || world.node.house.database.feed().is_fresh();
            thread::sleep(Duration::from_millis(1300));
            assert!(!fresh(), "its copies are trusted for a second at most");
            let asked = Instant::now();
            assert_eq!(page(&world.node, &bob, "acme").await.0, 503);
            assert!(asked.elapsed() < Duration::from_secs(10), "somebody waited for {:?}", asked.elapsed());
            wire.hang(false);
            until("the node's trust", async || fresh()).await;
            assert!(is_in(&world.node, &bob, "acme").await);
        });
    }
}
