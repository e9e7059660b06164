-- Where there are no roles, everything belongs to whoever deployed first, and nobody else may use it. Run as that login.

REVOKE ALL ON ALL ROUTINES IN SCHEMA kf FROM PUBLIC;
REVOKE ALL ON TYPE kf.ctx, kf.finite, kf.uint256 FROM PUBLIC;
