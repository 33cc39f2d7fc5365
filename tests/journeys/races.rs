//! Races: rivals start at a barrier, on two ways to one database, many rounds over.

use std::sync::{Arc, Barrier};
use std::thread;

use audit::Act;
use mail::Desk;
use people::{CameBy, EmailStanding, Person, Profile, Visit};
use roles::{Authority, Changed, Clerk, Expected, Membership, Operator, Promotion, RoleError};
use sealing::{KeyRing, NamedKey, SystemChance};
use sessions::{End, Limits, NewSession, Sessions};
use std::time::Duration;
use storage::{Database, StorageError};
use support::{Browser, TestDatabase, World, on_both};
use teams::{ConnectionOptions, NewTeam, OpenTeam, PlainHttp, Registrar, Registry, State};
use vocabulary::{
    ClientId, ClientSecret, Clock as _, Email, Issuer, PersonId, Role, Subject, SystemClock, TeamId,
    Timestamp,
};

use crate::eyes;

const ROUNDS: usize = 200;
const ADMIN: &str = "ada@acme.test";

/// Two nodes on one database, without a service around them.
struct Arena {
    nodes: [Database; 2],
    keys: KeyRing,
    desk: Desk,
}

impl Arena {
    fn new(db: &TestDatabase) -> Self {
        let nodes = [eyes::open(db), eyes::open(db)];
        nodes[0].migrate().unwrap();
        let keys = KeyRing::new(vec![NamedKey::new("k1", [7; 32].into()).unwrap()]).unwrap();
        let desk =
            Desk::new("Ledger", "http://localhost:3000".parse().unwrap(), "sso@ledger.test", None).unwrap();
        Self { nodes, keys, desk }
    }

    fn clerk(&self) -> Clerk<'_> {
        Clerk { desk: &self.desk, chance: &SystemChance }
    }

    /// An open team whose promotion is unspent.
    fn team(&self, id: &str) -> Arc<OpenTeam> {
        let issuer = Issuer::parse("https://idp.acme.test").unwrap();
        let new = NewTeam {
            team_id: eyes::team(id),
            name: None,
            admin_email: Email::parse(ADMIN).unwrap(),
            client_id: ClientId::parse("client").unwrap(),
            client_secret: ClientSecret::parse("a-practice-secret"),
            options: ConnectionOptions::usual(&issuer),
            issuer,
            callback_path: None,
            state: State::Enabled,
        };
        let registrar = Registrar { keys: &self.keys, chance: &SystemChance, plain_http: PlainHttp::Refused };
        let operator = Operator::at_the_command_line();
        self.nodes[0].write(now(), |tx| onboarding::add(tx, &registrar, &operator, &new)).unwrap();
        Registry::new(&self.nodes[0]).open_team_now(&new.team_id).unwrap().unwrap()
    }

    /// What a sign-in does to people and memberships.
    fn arrive(
        &self,
        node: usize,
        team: &OpenTeam,
        subject: &str,
        email: &str,
    ) -> (Person, Visit, Membership) {
        let profile = Profile {
            subject: Subject::parse(subject).unwrap(),
            email: Some(Email::parse(email).unwrap()),
            standing: EmailStanding::Trusted,
            name: None,
            given_name: None,
            family_name: None,
        };
        let (id, connection) = (&team.team.team_id, &team.connection.id);
        let arrived = self.nodes[node].write(now(), |tx| {
            let (person, visit) =
                people::recognise(tx, &SystemChance, id, connection, &profile, CameBy::TeamId)?;
            let standing = roles::admit(tx, id, &person)?;
            Ok::<_, StorageError>((person, visit, standing))
        });
        arrived.unwrap()
    }

    /// A team of two admins.
    fn two_admins(&self, id: &str) -> (TeamId, [PersonId; 2]) {
        let team = self.team(id);
        let people = ["one", "two"].map(|subject| self.arrive(0, &team, subject, "x@acme.test").0.id);
        let (operator, id) = (Operator::at_the_command_line(), team.team.team_id.clone());
        let authority = Authority::Operator(&operator);
        for person in &people {
            let made = self.nodes[0].write(now(), |tx| {
                roles::set(tx, self.clerk(), &authority, &id, person, Role::Admin, Expected::Any)
            });
            made.unwrap();
        }
        (id, people)
    }

    /// Somebody does something to somebody of their team, decided as the pages decide it.
    fn act(
        &self,
        node: usize,
        team: &TeamId,
        by: &PersonId,
        to: &PersonId,
        door: Door,
    ) -> Result<bool, RoleError> {
        self.nodes[node].write(now(), |tx| {
            let admin = roles::admin(tx, team, by)?;
            let authority = Authority::Admin(&admin);
            let changed = match door {
                Door::Demote => {
                    roles::set(tx, self.clerk(), &authority, team, to, Role::Member, Expected::Any)?
                }
                Door::Deactivate => {
                    roles::set_active(tx, self.clerk(), &authority, team, to, false, Expected::Any)?
                }
                Door::Erase => {
                    roles::erase(tx, &authority, team, to, Expected::Any)?;
                    return Ok(true);
                }
            };
            Ok(matches!(changed, Changed::Yes(_)))
        })
    }
}

#[derive(Clone, Copy, Debug)]
enum Door {
    Demote,
    Deactivate,
    Erase,
}

fn now() -> Timestamp {
    SystemClock.now()
}

/// Lets rivals loose at once and gathers what came of each.
fn race<T: Send>(rivals: usize, deed: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (barrier, deed) = (Barrier::new(rivals), &deed);
    thread::scope(|scope| {
        let start = |rival| {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                deed(rival)
            })
        };
        let running: Vec<_> = (0..rivals).map(start).collect();
        running.into_iter().map(|rival| rival.join().unwrap()).collect()
    })
}

/// How many answers carried a session.
fn won(answers: &[support::Answer]) -> usize {
    let session = |answer: &&support::Answer| {
        let mut cookies = answer.headers.get_all("set-cookie").iter();
        cookies.any(|line| line.to_str().unwrap().starts_with("td-session-acme="))
    };
    answers.iter().filter(session).count()
}

on_both! {
    async fn of_two_candidates_for_promotion_exactly_one_is_promoted(db) {
        let arena = Arena::new(db);
        for round in 0..ROUNDS {
            let id = format!("team-{round}");
            let team = arena.team(&id);
            let candidates = ["one", "two"].map(|subject| arena.arrive(0, &team, subject, ADMIN));
            let outcomes = race(2, |rival| {
                let (person, _, standing) = &candidates[rival];
                arena.nodes[rival].write(now(), |tx| roles::promote_if_due(tx, arena.clerk(), &team.team, person, standing)).unwrap()
            });
            let promoted = outcomes.iter().filter(|outcome| matches!(outcome, Promotion::Promoted(_))).count();
            assert_eq!(promoted, 1, "round {round}: {outcomes:?}");
            assert_eq!(eyes::admins(&arena.nodes[0], &id), 1, "round {round}");
            assert_eq!(eyes::times(&arena.nodes[0], &id, Act::Promoted), 1, "round {round}");
        }
    }

    async fn of_two_admins_who_demote_each_other_exactly_one_wins(db) {
        let arena = Arena::new(db);
        let (team, people) = arena.two_admins("acme");
        let operator = Operator::at_the_command_line();
        for round in 0..ROUNDS {
            let outcomes = race(2, |rival| arena.act(rival, &team, &people[rival], &people[1 - rival], Door::Demote));
            let winners = outcomes.iter().filter(|outcome| matches!(outcome, Ok(true))).count();
            let beaten = outcomes.iter().filter(|outcome| matches!(outcome, Err(RoleError::NotAdmin))).count();
            assert_eq!((winners, beaten), (1, 1), "round {round}: {outcomes:?}");
            assert_eq!(eyes::admins(&arena.nodes[0], "acme"), 1, "round {round}");
            for person in &people {
                let set = arena.nodes[0].write(now(), |tx| {
                    roles::set(tx, arena.clerk(), &Authority::Operator(&operator), &team, person, Role::Admin, Expected::Any)
                });
                set.unwrap();
            }
        }
    }

    async fn two_admins_who_leave_at_once_by_any_door_leave_one_behind(db) {
        let arena = Arena::new(db);
        let doors = [Door::Demote, Door::Deactivate, Door::Erase];
        for round in 0..ROUNDS {
            let id = format!("team-{round}");
            let (team, people) = arena.two_admins(&id);
            let doors = [doors[round % 3], doors[(round / 3) % 3]];
            let outcomes = race(2, |rival| arena.act(rival, &team, &people[rival], &people[rival], doors[rival]));
            let gone = outcomes.iter().filter(|outcome| matches!(outcome, Ok(true))).count();
            let kept = outcomes.iter().filter(|outcome| matches!(outcome, Err(RoleError::LastAdmin(_)))).count();
            assert_eq!((gone, kept), (1, 1), "round {round}, {doors:?}: {outcomes:?}");
            assert_eq!(eyes::admins(&arena.nodes[0], &id), 1, "round {round}, {doors:?}");
        }
    }

    async fn of_toggles_with_one_version_one_wins_and_the_others_see_what_it_did(db) {
        let arena = Arena::new(db);
        // Two admins are there, so that a third may be demoted.
        let (id, _) = arena.two_admins("acme");
        let team = Registry::new(&arena.nodes[0]).open_team_now(&id).unwrap().unwrap();
        let (person, _, mut standing) = arena.arrive(0, &team, "three", "x@acme.test");
        let before = eyes::times(&arena.nodes[0], "acme", Act::RoleSet);
        let operator = Operator::at_the_command_line();
        for round in 0..ROUNDS {
            let (seen, role) = (Expected::Version(standing.version), standing.role.toggled());
            let outcomes = race(4, |rival| {
                arena.nodes[rival % 2].write(now(), |tx| {
                    roles::set(tx, arena.clerk(), &Authority::Operator(&operator), &id, &person.id, role, seen)
                })
            });
            let winners: Vec<&Membership> = outcomes.iter().filter_map(|outcome| match outcome {
                Ok(Changed::Yes(now)) => Some(now),
                _ => None,
            }).collect();
            let [winner] = winners.as_slice() else { panic!("round {round}: {outcomes:?}") };
            let beaten = |outcome: &&Result<Changed, RoleError>| matches!(outcome, Err(RoleError::Stale(now)) if now == *winner);
            assert_eq!(outcomes.iter().filter(beaten).count(), 3, "round {round}: {outcomes:?}");
            standing = (*winner).clone();
        }
        assert_eq!(eyes::times(&arena.nodes[0], "acme", Act::RoleSet), before + ROUNDS);
    }

    async fn somebody_who_first_signs_in_twice_at_once_is_one_person(db) {
        let arena = Arena::new(db);
        let team = arena.team("acme");
        for round in 0..ROUNDS {
            let subject = format!("subject-{round}");
            let arrived = race(2, |rival| arena.arrive(rival, &team, &subject, "x@acme.test"));
            assert_eq!(arrived[0].0.id, arrived[1].0.id, "round {round}");
            let first = arrived.iter().filter(|(_, visit, _)| *visit == Visit::First).count();
            assert_eq!(first, 1, "round {round}");
        }
        assert_eq!(eyes::everybody(&arena.nodes[0], "acme").len(), ROUNDS);
    }

    async fn whoever_is_deactivated_while_signing_in_is_nobody(db) {
        let arena = Arena::new(db);
        let team = arena.team("acme");
        let id = &team.team.team_id;
        let operator = Operator::at_the_command_line();
        let limits = Limits { idle: Duration::from_hours(8), absolute: Duration::from_hours(8) };
        let doorkeepers = [0, 1].map(|node: usize| {
            let database = &arena.nodes[node];
            Sessions::new(database, &Registry::new(database), limits)
        });
        for round in 0..ROUNDS {
            let subject = format!("subject-{round}");
            let (person, ..) = arena.arrive(0, &team, &subject, "x@acme.test");
            let tokens = race(2, |rival| {
                arena.nodes[rival].write(now(), |tx| {
                    if rival == 0 {
                        let authority = Authority::Operator(&operator);
                        roles::set_active(tx, arena.clerk(), &authority, id, &person.id, false, Expected::Any)?;
                        sessions::end(tx, End::Person(&person.id))?;
                        return Ok(None);
                    }
                    let standing = roles::admit(tx, id, &person)?;
                    let connection = &team.connection.id;
                    let absolute = limits.absolute;
                    let subject = &Subject::parse(&subject).unwrap();
                    let new = NewSession {
                        team: id, person: &person.id, connection, idp_sid: None, id_token: "x", subject,
                        email: None,
                        auth_time: None, begun: now(), absolute, ends_by: None,
                    };
                    let token = standing.active.then(|| sessions::open(tx, &arena.keys, &SystemChance, &new).unwrap());
                    Ok::<_, RoleError>(token)
                })
            });
            let token = tokens.into_iter().find_map(Result::unwrap);
            for doorkeeper in &doorkeepers {
                let Some(token) = &token else { continue };
                let who = doorkeeper.recognise(id, token.reveal(), now()).await.unwrap();
                assert!(who.is_none(), "round {round}");
            }
        }
    }

    async fn a_callback_played_many_times_at_once_has_one_winner_and_one_token_request(db) {
        let world = World::with(db, &[("LIMITS__FAILED_CALLBACKS_PER_ADDRESS_AND_TEAM", "off")]).await;
        let other = world.second_node();
        let browser = Browser::default();
        for round in 1..=ROUNDS {
            browser.drop_cookies("td-session-");
            let here = world.callback(&browser, "acme", "bob@acme.test").await;
            let there = here.replace(&world.node.base, &other.base);
            let (a, b, c, d) = tokio::join!(browser.get(&here), browser.get(&there), browser.get(&here), browser.get(&there));
            let answers = [a, b, c, d];
            assert_eq!(won(&answers), 1, "round {round}");
            for beaten in answers.iter().filter(|answer| answer.status != 303) {
                assert_eq!((beaten.status, beaten.code()), (400, Some("state_used")), "round {round}");
            }
            assert_eq!(world.idp.counts("acme").token, u64::try_from(round).unwrap(), "round {round}");
        }
        assert_eq!(eyes::everybody(&world.node.house.database, "acme").len(), 1);
    }

    async fn of_two_admins_who_demote_each_other_in_the_browser_exactly_one_wins(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let house = &world.node.house;
        let browsers = [world.sign_in("acme", ADMIN).await, world.sign_in("acme", "bob@acme.test").await];
        let people = [ADMIN, "bob@acme.test"].map(|email| eyes::person(&house.database, "acme", email).person.id);
        let mut tokens = Vec::new();
        for browser in &browsers {
            tokens.push(browser.get(&world.at("/t/acme")).await.hidden("csrf").unwrap());
        }
        let (team, operator) = (eyes::team("acme"), Operator::at_the_command_line());
        for round in 0..25 {
            let versions = people.each_ref().map(|person| {
                let made = house.database.write(world.clock.now(), |tx| {
                    let clerk = Clerk { desk: &house.desk, chance: &SystemChance };
                    roles::set(tx, clerk, &Authority::Operator(&operator), &team, person, Role::Admin, Expected::Any)
                });
                made.unwrap().membership().version.to_string()
            });
            let demote = |by: usize, node: &support::Node| {
                let address = node.at(&format!("/t/acme/people/{}/role", people[1 - by]));
                let form = [("csrf", tokens[by].clone()), ("version", versions[1 - by].clone()), ("role", "member".to_owned())];
                (address, form)
            };
            let send = async |by: usize, node: &support::Node| {
                let (address, form) = demote(by, node);
                let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
                browsers[by].post(&address, &form).await
            };
            let (one, two) = tokio::join!(send(0, &world.node), send(1, &other));
            let mut ends = [(one.status, one.code()), (two.status, two.code())];
            ends.sort_unstable();
            assert_eq!(ends, [(303, None), (403, Some("not_admin"))], "round {round}");
            assert_eq!(eyes::admins(&house.database, "acme"), 1, "round {round}");
        }
    }

    async fn whoever_is_deactivated_in_the_middle_of_their_sign_in_stays_out(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let ada = world.sign_in("acme", ADMIN).await;
        world.sign_in("acme", "bob@acme.test").await;
        for round in 0..25 {
            let bob = Browser::default();
            let callback = world.callback(&bob, "acme", "bob@acme.test").await.replace(&world.node.base, &other.base);
            let page = world.team_page(&ada, "acme").await;
            let (arrived, done) = tokio::join!(bob.get(&callback), world.change(&ada, &page, "Bob Kahn", "deactivate", &[]));
            assert_eq!(done.status, 303, "round {round}");
            let ends = (arrived.status, arrived.code());
            assert!([(303, None), (403, Some("account_deactivated"))].contains(&ends), "round {round}: {ends:?}");
            assert_eq!(bob.get(&world.at("/t/acme")).await.status, 303, "round {round}: off");
            let page = world.team_page(&ada, "acme").await;
            assert_eq!(world.change(&ada, &page, "Bob Kahn", "activate", &[]).await.status, 303, "round {round}");
            assert_eq!(bob.get(&world.at("/t/acme")).await.status, 303, "round {round}: on again, with no old session");
        }
    }
}
