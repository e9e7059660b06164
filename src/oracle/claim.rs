use std::collections::{BTreeMap, BTreeSet};

use super::{Event, EventId, Extension, Powers, Threshold, Validator, Vote, limits};

/// An event that the chain knows and that is not decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    /// What is claimed to have happened.
    pub event: Event,
    /// Who brought it first.
    pub claimed_by: Validator,
    /// The height at which it came up.
    pub first_height: i64,
    /// How much of the power must have seen it.
    pub threshold: Threshold,
    /// True if enough have: it waits for the event before it.
    pub is_approved: bool,
}

/// All that is not decided: what a block begins with.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Claims {
    /// By id.
    pub open: BTreeMap<EventId, Claim>,
    /// Who has seen what of it.
    pub votes: BTreeSet<Vote>,
}

/// How an event ended, for ever.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// Its calls were made.
    Applied,
    /// Its calls could not be made and left nothing behind: a SQLSTATE, or the class of one.
    Rejected(String),
    /// Another event has taken its place on the topic.
    Superseded,
    /// Too few have seen it in time.
    Expired,
}

impl Outcome {
    /// The word stores and hashes know it by.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Applied => "applied",
            Outcome::Rejected(_) => "rejected",
            Outcome::Superseded => "superseded",
            Outcome::Expired => "expired",
        }
    }

    /// The SQLSTATE of a rejection.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Outcome::Rejected(reason) => Some(reason),
            _ => None,
        }
    }

    /// What the store knows by `word` and `reason`.
    pub fn recorded(word: &str, reason: Option<String>) -> Option<Outcome> {
        match word {
            "applied" => Some(Outcome::Applied),
            "rejected" => Some(Outcome::Rejected(reason.unwrap_or_default())),
            "superseded" => Some(Outcome::Superseded),
            "expired" => Some(Outcome::Expired),
            _ => None,
        }
    }
}

/// What validators have seen, as a block carries it.
pub type Seen = BTreeMap<Validator, Extension>;

/// What a block adds to the claims.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Admitted {
    /// Events that came up, with those who brought them.
    pub events: Vec<(Event, Validator)>,
    /// Votes that were not there.
    pub votes: BTreeSet<Vote>,
}

/// Which of what validators say counts: of those with power, events by their canonical encoding, ids of events the chain
/// has not decided. Everything else is passed over, and so is what a validator brings beyond its share of open events.
pub fn admit(seen: &Seen, claims: &Claims, resolved: &BTreeSet<EventId>, powers: &Powers) -> Admitted {
    let mut admitted = Admitted::default();
    let mut fresh: BTreeSet<EventId> = BTreeSet::new();
    let mut votes: BTreeSet<Vote> = BTreeSet::new();
    let seen = || seen.iter().filter(|(validator, _)| powers.of(validator) > 0);
    for (validator, extension) in seen() {
        let mut left = limits::OPEN_CLAIMS.saturating_sub(open_of(claims, validator));
        for event in extension.bodies().iter().filter_map(|body| Event::read(body).ok()) {
            let id = event.id();
            let is_new = !claims.open.contains_key(&id) && !fresh.contains(&id) && !resolved.contains(&id);
            if is_new && left > 0 {
                left -= 1;
                fresh.insert(id);
                admitted.events.push((event, validator.clone()));
            }
            votes.insert(Vote { id, validator: validator.clone() });
        }
    }
    for (validator, extension) in seen() {
        votes.extend(extension.ids().iter().map(|id| Vote { id: *id, validator: validator.clone() }));
    }
    let is_undecided =
        |id: &EventId| claims.open.get(id).map_or(fresh.contains(id), |claim| !claim.is_approved);
    votes.retain(|vote| is_undecided(&vote.id) && !claims.votes.contains(vote));
    admitted.votes = votes;
    admitted
}

fn open_of(claims: &Claims, validator: &Validator) -> usize {
    claims.open.values().filter(|claim| claim.claimed_by == *validator && !claim.is_approved).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{Caps, Submission};

    fn event(number: i64) -> Event {
        Event::new(Submission::new("d", "a", [number])).unwrap()
    }

    fn validator(name: &str) -> Validator {
        Validator(name.into())
    }

    fn says(name: &str, bodies: &[Vec<u8>], ids: &[EventId]) -> (Validator, Extension) {
        let caps = Caps { bodies: 5000, ids: 5000, bytes: 10_000_000 };
        (validator(name), Extension::fill(bodies.to_vec(), ids.to_vec(), caps))
    }

    fn body(number: i64) -> Vec<u8> {
        event(number).body().to_vec()
    }

    fn four() -> Powers {
        ["a", "b", "c", "d"].map(|name| (validator(name), 1)).into_iter().collect()
    }

    fn open(number: i64, by: &str) -> (EventId, Claim) {
        let event = event(number);
        let (claimed_by, threshold) = (validator(by), Threshold::TWO_THIRDS);
        (event.id(), Claim { event, claimed_by, first_height: 1, threshold, is_approved: false })
    }

    #[test]
    fn bodies_come_up_once_and_count_as_votes() {
        let (one, two) = (event(1).id(), event(2).id());
        let seen = Seen::from([
            says("a", &[body(1)], &[two]),
            says("b", &[body(1), body(2)], &[]),
            says("stranger", &[body(3)], &[one]),
        ]);
        let admitted = admit(&seen, &Claims::default(), &BTreeSet::new(), &four());
        let mut came: Vec<_> =
            admitted.events.iter().map(|(event, by)| (event.id(), by.0.as_str())).collect();
        came.sort();
        let mut expected = vec![(one, "a"), (two, "b")];
        expected.sort();
        assert_eq!(came, expected);
        let vote = |id, name| Vote { id, validator: validator(name) };
        let expected = [vote(one, "a"), vote(one, "b"), vote(two, "a"), vote(two, "b")];
        assert_eq!(admitted.votes, BTreeSet::from(expected));
    }

    #[test]
    fn what_is_no_event_unknown_decided_or_known_adds_nothing() {
        let (known, decided) = (event(1).id(), event(2).id());
        let mut claims = Claims { open: BTreeMap::from([open(1, "a")]), ..Claims::default() };
        claims.votes.insert(Vote { id: known, validator: validator("a") });
        let resolved = BTreeSet::from([decided]);
        let unknown = EventId([7; 32]);
        let seen = Seen::from([says("a", &[body(1), body(2), b"no event".to_vec()], &[unknown, decided])]);
        assert_eq!(admit(&seen, &claims, &resolved, &four()), Admitted::default());
        claims.open.get_mut(&known).unwrap().is_approved = true;
        let seen = Seen::from([says("b", &[], &[known])]);
        assert_eq!(admit(&seen, &claims, &resolved, &four()), Admitted::default());
    }

    #[test]
    fn a_validator_has_its_share_of_open_events() {
        let most = i64::try_from(limits::OPEN_CLAIMS).unwrap();
        let claims =
            Claims { open: (1..most).map(|number| open(number, "a")).collect(), ..Claims::default() };
        let bodies = [body(most), body(most + 1)];
        let alone = admit(&Seen::from([says("a", &bodies, &[])]), &claims, &BTreeSet::new(), &four());
        assert_eq!((alone.events.len(), alone.votes.len()), (1, 1));
        let seen = Seen::from([says("a", &bodies, &[]), says("b", &bodies, &[])]);
        let helped = admit(&seen, &claims, &BTreeSet::new(), &four());
        assert_eq!((helped.events.len(), helped.votes.len()), (2, 4));
    }
}
