//! What people see: view models in, accessible HTML out. One folder per journey, the templates in twin folders
//! beside them, all words in [`words`], one stylesheet of our own and no script.
//! Pages know nothing of storage or HTTP: they are told everything, the present moment too.

mod assets;
mod console;
mod door;
mod face;
mod moment;
mod oauth2;
mod page;
mod request;
mod sso;
mod team;
pub mod words;

pub use assets::{ACCENT_ADDRESS, ICON, STYLESHEET, icon_address, stylesheet_address};
pub use console::{
    ConnectionFacts, Console, ConsoleDeed, ConsoleHealth, ConsoleLastBad, ConsoleRecord, ConsoleReference,
    ConsoleRequest, ConsoleRequests, ConsoleSignIn, ConsoleSignIns, ConsoleSure, ConsoleTab, ConsoleTeam,
    ConsoleTeams, ConsoleTrace, ConsoleWell, DangerousDeed, LinkFacts, NewTeamField, NewTeamForm,
    NewTeamProblem, NewTeamTyped, Once, OneTeam, OtherSettings, RecordFilter, RequestChecks, RequestDeeds,
    RequestRow, RequestStanding, RequestText, RequestsShown, ShownOnce, TeamAdmin, TeamDeed, TeamField,
    TeamFields, TeamHealth, TeamProblem, TeamStanding, Wellness,
};
pub use door::{
    AtIdp, Button, CorporateSso, Ended, Failure, FieldProblem, FindTeam, FindTeamSent, Idps, Kind, Login,
    PressedTile, RememberedTeam, SignedOut,
};
pub use face::{Deployment, Face, accent_stylesheet};
pub use oauth2::{ChooseTeam, ConfirmSignOut, OpenTeamHere, TeamChoice};
pub use request::{ConfirmRequest, RequestConfirmed, RequestField, RequestForm, RequestProblem, RequestSent};
pub use sso::{
    AdminEmail, Available, BreakGlassDoor, BreakGlassFrame, BreakGlassOver, Compared, FailedSignIn, Finding,
    FindingState, Probe, Provider, Rehearsal, SecretField, SecretProblem, SecretSet, SetupEnded, SetupFrame,
    SetupStart, SsoAddresses, SsoChange, SsoChecks, SsoDeeds, SsoField, SsoFrame, SsoNextSecret, SsoProblem,
    SsoSecret, SsoSettings, SsoStanding, SsoSure, SsoValues, Trace, TraceFacts, TraceReader, TraceRow,
    TraceTimes, Traces,
};
pub use team::{
    Act, Activity, ActivityFilter, ActivityRow, AppTile, Dashboard, Erase, FreshToken, House, Notice, Pager,
    PersonRow, RoleButton, SignOutAtIdp, StepDown, SwitcherTeam, Tab, Team, TokenAct, TokenForm, TokenOwner,
    TokenRow, TokenRules, TokenStanding, TokenSure, Tokens, Undo, ValueShown,
};
