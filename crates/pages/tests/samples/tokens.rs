//! The pages of API tokens.

use std::time::Duration;

use pages::{
    Face, FreshToken, Pager, Tab, TokenAct, TokenForm, TokenRow, TokenStanding, TokenSure, Tokens, words,
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
        standing: TokenStanding::Live,
        made_at: ago(60 * 30),
        maker: "Ada Lovelace".to_owned(),
        maker_left: false,
        last_used: Some(ago(4)),
        ends: None,
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

/// A page full of tokens with the longest names.
fn full() -> Tokens {
    let name = "Übergrößenträgerverfügbarkeitsprüfungsverfahrensschlüssel 12";
    let rows = (0..25).map(|n| TokenRow { maker_left: true, ..row(n, name, "team:admin") }).collect();
    Tokens {
        pager: Pager { previous: None, next: Some(format!("/t/acme/tokens?after={}", id(25))) },
        ..page(rows)
    }
}

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let fresh = Tokens {
        fresh: Some(FreshToken {
            name: "build-server".to_owned(),
            value: "tdt_0123456789abcdefghijklmnopqrstuvwxyzABC".to_owned(),
        }),
        ..page(several())
    };
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
        ("tokens-empty", member.render(face)),
        ("tokens-full", full().render(face)),
        ("tokens-problem", misnamed.render(face)),
        ("token-rotate", sure(TokenAct::Rotate).render(face)),
        ("token-revoke", sure(TokenAct::Revoke).render(face)),
    ]
}
