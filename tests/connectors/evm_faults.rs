//! Whatever a server does: each log once, none that was not final, and no end of the oracle by it.
