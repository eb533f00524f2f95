//! Random interleavings of everything that can happen to a body and its clones, against a model
//! that is nothing but the list of what the inner body gave so far.

mod script;

use self::script::{Ending, Gate, Hint, Inner, Piece, Script, TRAILER};
use super::refusal::Refusal;
use super::{ReplayBody, ReplayableBody};
use crate::{FailureKind, Phase, StopReason};
use http_body::{Body, SizeHint};
use proptest::prelude::*;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

#[derive(Clone, Copy, Debug)]
enum Step {
    /// The inner body has one thing more to give.
    Release,
    Poll(usize),
    Clone(usize),
    Drop(usize),
}

/// What one poll brings.
#[derive(Debug, PartialEq)]
enum Seen {
    Piece(Piece),
    Waits,
    End,
    OwnError,
    Superseded,
    NotKept,
}

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A clone, and what the model knows of it.
struct Reader {
    body: ReplayBody<Inner>,
    wakes: Arc<Wakes>,
    /// The number of wakes when it last had to wait.
    waits_since: Option<usize>,
    seen: usize,
    started: bool,
    over: bool,
    /// What it was told of its size, and how many pieces it had seen then.
    hints: Vec<(usize, SizeHint)>,
}

impl Reader {
    fn new(body: ReplayBody<Inner>) -> Self {
        Reader {
            body,
            wakes: Arc::default(),
            waits_since: None,
            seen: 0,
            started: false,
            over: false,
            hints: Vec::new(),
        }
    }

    fn poll(&mut self) -> Seen {
        let waker = Waker::from(Arc::clone(&self.wakes));
        let polled = Pin::new(&mut self.body).poll_frame(&mut Context::from_waker(&waker));
        self.waits_since = polled
            .is_pending()
            .then(|| self.wakes.0.load(Ordering::Relaxed));
        match polled {
            Poll::Pending => Seen::Waits,
            Poll::Ready(None) => Seen::End,
            Poll::Ready(Some(Ok(frame))) => Seen::Piece(match frame.into_data() {
                Ok(data) => Piece::Data(data.to_vec()),
                Err(frame) => {
                    let map = frame.into_trailers().expect("data or trailers");
                    Piece::Trailers(map[TRAILER].to_str().unwrap().to_owned())
                }
            }),
            Poll::Ready(Some(Err(failure))) => {
                assert_eq!(failure.kind(), FailureKind::Cancelled);
                assert_eq!(failure.phase(), Phase::Send);
                assert!(!failure.is_transient());
                match failure.find::<Refusal>() {
                    Some(Refusal::Superseded) => Seen::Superseded,
                    Some(Refusal::NotKept) => {
                        assert_eq!(failure.stopped(), Some(StopReason::BodyNotReplayable));
                        Seen::NotKept
                    }
                    None => {
                        let own = failure.find::<io::Error>().expect("the inner error");
                        assert_eq!(own.kind(), io::ErrorKind::PermissionDenied);
                        Seen::OwnError
                    }
                }
            }
        }
    }

    fn is_stuck(&self) -> bool {
        self.waits_since == Some(self.wakes.0.load(Ordering::Relaxed))
    }
}

struct World {
    script: Arc<Script>,
    gate: Arc<Mutex<Gate>>,
    readers: Vec<Option<Reader>>,
    /// How many pieces the readers took out of the inner body, and whether they met its end.
    taken: usize,
    ended: bool,
    /// Who may read on.
    newest: Option<usize>,
}

impl World {
    fn new(script: Script) -> Self {
        let script = Arc::new(script);
        let gate = Arc::default();
        let inner = Inner {
            script: Arc::clone(&script),
            gate: Arc::clone(&gate),
            given: 0,
        };
        let first = Reader::new(ReplayBody::with_limit(inner, script.limit));
        World {
            script,
            gate,
            readers: vec![Some(first)],
            taken: 0,
            ended: false,
            newest: None,
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Release => Gate::release(&self.gate),
            Step::Poll(which) => self.poll(which % self.readers.len()),
            Step::Clone(which) => self.try_clone(which % self.readers.len()),
            Step::Drop(which) => {
                let which = which % self.readers.len();
                self.readers[which] = None;
            }
        }
        self.nobody_waits_in_vain();
    }

    fn try_clone(&mut self, which: usize) {
        let Some(reader) = &self.readers[which] else {
            return;
        };
        let keeps = self.script.is_end_at(0) || self.script.keeps(self.taken);
        assert_eq!(reader.body.is_replayable(), keeps);
        let clone = reader.body.try_clone();
        assert_eq!(clone.is_some(), keeps);
        self.readers
            .extend(clone.map(|body| Some(Reader::new(body))));
    }

    fn poll(&mut self, which: usize) {
        let Some(mut reader) = self.readers[which].take() else {
            return;
        };
        let said_end = reader.body.is_end_stream();
        reader.hints.push((reader.seen, reader.body.size_hint()));
        let expected = self.expect(which, &mut reader);
        let seen = reader.poll();
        assert_eq!(seen, expected, "reader {which}");
        assert!(
            !said_end || seen == Seen::End,
            "is_end_stream, then {seen:?}"
        );
        if matches!(seen, Seen::Piece(_)) {
            reader.seen += 1;
        } else if seen != Seen::Waits {
            reader.over = true;
            self.check_hints(&reader, &seen);
            reader.hints.clear();
        }
        self.readers[which] = Some(reader);
    }

    /// What the model says this poll must bring.
    fn expect(&mut self, which: usize, reader: &mut Reader) -> Seen {
        let script = &self.script;
        if reader.over || script.is_end_at(0) {
            return Seen::End;
        }
        if !reader.started {
            if self.taken > 0 && !script.keeps(self.taken) {
                return Seen::NotKept;
            }
            reader.started = true;
            self.newest = Some(which);
        } else if self.newest != Some(which) {
            let all_seen = reader.seen == self.taken
                && (script.is_end_at(self.taken) || self.ended && script.ending != Ending::Error);
            return if all_seen {
                Seen::End
            } else {
                Seen::Superseded
            };
        }
        if reader.seen == self.taken && !self.ended {
            let released = self.gate.lock().unwrap().released;
            if released <= self.taken && !script.is_end_at(self.taken) {
                return Seen::Waits;
            }
            if self.taken == script.pieces.len() {
                self.ended = true;
            } else {
                self.taken += 1;
            }
        }
        match (script.pieces.get(reader.seen), script.ending) {
            (Some(piece), _) => Seen::Piece(piece.clone()),
            (None, Ending::Clean { .. }) => Seen::End,
            (None, Ending::Error) => Seen::OwnError,
        }
    }

    /// Everything the reader was told of its size must fit what followed.
    fn check_hints(&self, reader: &Reader, last: &Seen) {
        for (at, hint) in &reader.hints {
            let followed = self.script.bytes_from(*at);
            match last {
                Seen::End if reader.seen == self.script.pieces.len() => {
                    assert!(hint.lower() <= followed, "{hint:?} at {at}");
                    assert!(
                        hint.upper().is_none_or(|u| followed <= u),
                        "{hint:?} at {at}"
                    );
                    if let Hint::Exact = self.script.hint {
                        assert_eq!(hint.exact(), Some(followed));
                    }
                }
                // A part must never look like the whole.
                Seen::OwnError => match self.script.hint {
                    Hint::Exact => assert_eq!(hint.exact(), Some(self.script.announced_from(*at))),
                    Hint::Unknown => assert_eq!(hint.upper(), None),
                    Hint::Loose => assert!(hint.upper().is_some_and(|u| followed < u)),
                },
                _ => {}
            }
        }
    }

    fn nobody_waits_in_vain(&self) {
        for (which, reader) in self.readers.iter().enumerate() {
            if reader.as_ref().is_some_and(Reader::is_stuck) {
                assert_eq!(self.newest, Some(which), "{which} was not woken");
                let released = self.gate.lock().unwrap().released;
                assert!(released <= self.taken, "{which} was not woken");
            }
        }
    }

    /// Gives all there is, and polls whoever is awake until there is nobody left.
    fn finish(&mut self) {
        for _ in 0..=self.script.pieces.len() {
            self.step(Step::Release);
        }
        for which in 0..self.readers.len() {
            while self.readers[which]
                .as_ref()
                .is_some_and(|reader| !reader.over && !reader.is_stuck())
            {
                self.step(Step::Poll(which));
            }
        }
        assert!(
            self.readers.iter().flatten().all(|reader| reader.over),
            "somebody hangs"
        );
    }
}

fn scripts() -> impl Strategy<Value = Script> {
    let size = prop_oneof![1 => Just(0), 8 => 1..40_usize, 1 => 90..110_usize];
    let pieces = prop::collection::vec(size, 0..8);
    let trailers = prop::option::weighted(0.3, "[a-z]{0,20}");
    let ending = prop_oneof![
        Just(Ending::Clean { announced: true }),
        Just(Ending::Clean { announced: false }),
        Just(Ending::Error),
    ];
    let hint = prop_oneof![Just(Hint::Unknown), Just(Hint::Exact), Just(Hint::Loose)];
    let limit = prop_oneof![Just(0), Just(100), Just(1_000_000), 1..200_usize];
    (pieces, trailers, ending, hint, limit).prop_map(|(sizes, trailers, ending, hint, limit)| {
        let mut next = 0_u8;
        let mut pieces: Vec<Piece> = sizes
            .into_iter()
            .map(|size| {
                let data = (0..size).map(|_| {
                    next = next.wrapping_add(1);
                    next
                });
                Piece::Data(data.collect())
            })
            .collect();
        pieces.extend(trailers.map(Piece::Trailers));
        Script {
            pieces,
            ending,
            hint,
            limit,
        }
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = 0..16_usize;
    let step = prop_oneof![
        3 => Just(Step::Release),
        6 => which.clone().prop_map(Step::Poll),
        2 => which.clone().prop_map(Step::Clone),
        1 => which.prop_map(Step::Drop),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_reader_sees_the_body_from_its_start_or_is_told_why_not(
        script in scripts(),
        steps in steps(),
    ) {
        let mut world = World::new(script);
        for step in steps {
            world.step(step);
        }
        world.finish();
    }
}
