//! The pages of API tokens.

use std::time::Duration;

use pages::{
    Face, FreshToken, Pager, Tab, TokenAct, TokenForm, TokenOwner, TokenRow, TokenRules, TokenStanding,
    TokenSure, Tokens, ValueShown, words,
};
use vocabulary::Version;

use super::{NOW, ago, frame, problem};

fn id(n: usize) -> String {
    format!("{n:0>26}")
}

fn row(n: usize, name: &str, scope: &'static str) -> TokenRow {
    TokenRow {
        id: id(n),
        name: name.to_owned(),
        scope,
        owner: TokenOwner::Team,
        standing: TokenStanding::Live,
        made_at: ago(60 * 30),
        maker: "Ada Lovelace".to_owned(),
        maker_left: false,
        last_used: Some(ago(4)),
        ends: None,
        may_reveal: false,
    }
}

fn page(tokens: Vec<TokenRow>) -> Tokens {
    Tokens {
        house: frame(Tab::Tokens),
        tokens,
        pager: Pager::default(),
        fresh: None,
        form: TokenForm {
            scopes: vec!["product", "team:read", "team:admin"],
            scope: "product".to_owned(),
            lasts: "90".to_owned(),
            ..TokenForm::default()
        },
        rules: TokenRules { personal: false, reveal: false, away_after: Duration::from_hours(24 * 30) },
        whoami_address: "https://sso.ledger.example/api/v1/whoami".to_owned(),
        now: NOW,
    }
}

fn several() -> Vec<TokenRow> {
    let left = TokenRow {
        maker: "Cyd Rivera".to_owned(),
        maker_left: true,
        ends: Some(NOW.plus(Duration::from_hours(24 * 200))),
        ..row(2, "nightly export", "product")
    };
    let expired = TokenRow {
        standing: TokenStanding::Expired,
        made_at: ago(60 * 24 * 31),
        last_used: None,
        ends: Some(ago(60 * 24)),
        ..row(3, "trial", "product")
    };
    let stopped = TokenRow {
        standing: TokenStanding::Stopped,
        maker: "Bob Kahn".to_owned(),
        ..row(4, "people sync", "team:admin")
    };
    vec![row(1, "build-server", "product"), left, expired, stopped]
}

/// Personal ones as an admin sees them, one of them theirs, and a shared one of before.
fn personal() -> Vec<TokenRow> {
    let mine = TokenRow { owner: TokenOwner::Reader, ..row(1, "laptop", "product") };
    let other =
        TokenRow { owner: TokenOwner::Other, maker: "Bob Kahn".to_owned(), ..row(2, "notebook", "product") };
    let away = TokenRow {
        standing: TokenStanding::Away,
        maker: "Cyd Rivera".to_owned(),
        last_used: Some(ago(60 * 24 * 40)),
        ..TokenRow { id: id(3), name: "old script".to_owned(), ..other.clone() }
    };
    let left =
        TokenRow { maker_left: true, ..TokenRow { id: id(4), name: "export".to_owned(), ..away.clone() } };
    vec![mine, other, away, left, TokenRow { may_reveal: true, ..row(5, "build-server", "product") }]
}

/// A page full of tokens with the longest names.
fn full() -> Tokens {
    let name = "Übergrößenträgerverfügbarkeitsprüfungsverfahrensschlüssel 12";
    let rows = (0..20)
        .map(|n| TokenRow {
            maker_left: true,
            may_reveal: true,
            owner: TokenOwner::Reader,
            ..row(n, name, "team:admin")
        })
        .collect();
    Tokens {
        pager: Pager { previous: None, next: Some(format!("/t/acme/tokens?after={}", id(20))) },
        ..page(rows)
    }
}

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let fresh = Tokens {
        fresh: Some(FreshToken {
            name: "build-server".to_owned(),
            value: "tdt_0123456789abcdefghijklmnopqrstuvwxyzABC".to_owned(),
            shown: ValueShown::Once,
        }),
        ..page(several())
    };
    let mut kept = fresh.clone();
    kept.rules.reveal = true;
    kept.tokens.iter_mut().take(2).for_each(|token| token.may_reveal = true);
    kept.fresh.iter_mut().for_each(|fresh| fresh.shown = ValueShown::Kept);
    let mut again = kept.clone();
    again.fresh.iter_mut().for_each(|fresh| fresh.shown = ValueShown::Again);
    let mut personal = page(personal());
    personal.rules.personal = true;
    let mut own = personal.clone();
    own.form.scopes.truncate(1);
    own.tokens.truncate(1);
    let mut member = page(Vec::new());
    member.form.scopes.truncate(1);
    let mut misnamed = page(several());
    "<deploy>".clone_into(&mut misnamed.form.name);
    misnamed.form.problem = Some(problem(words::tokens::NAME_INVALID, "name_invalid"));
    let sure = |act| TokenSure {
        house: frame(Tab::Tokens),
        id: id(1),
        name: "build-server".to_owned(),
        version: Version(1),
        act,
    };
    vec![
        ("tokens", page(several()).render(face)),
        ("tokens-fresh", fresh.render(face)),
        ("tokens-kept", kept.render(face)),
        ("tokens-again", again.render(face)),
        ("tokens-personal", personal.render(face)),
        ("tokens-own", own.render(face)),
        ("tokens-empty", member.render(face)),
        ("tokens-full", full().render(face)),
        ("tokens-problem", misnamed.render(face)),
        ("token-rotate", sure(TokenAct::Rotate).render(face)),
        ("token-revoke", sure(TokenAct::Revoke).render(face)),
        ("token-reveal", sure(TokenAct::Reveal).render(face)),
    ]
}
