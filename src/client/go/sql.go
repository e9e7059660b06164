package __PACKAGE__

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Context is who calls, and when: what actions see as @caller, @txid and so on.
type Context struct {
	// Caller is @caller; what 0x.. of it spells is @signer, else its text in bytes.
	Caller string
	// TxID is @txid; without it a new one for each call.
	TxID string
	// Height is @height; 1 without it.
	Height int64
	// BlockTimestamp is @block_timestamp in seconds; now without it.
	BlockTimestamp int64
	// Authenticator is @authenticator; "local" without it.
	Authenticator string
}

// DB is a *pgxpool.Pool, for calls from any goroutine, or a *pgx.Conn that is in no transaction, for one.
type DB interface {
	BeginTx(ctx context.Context, options pgx.TxOptions) (pgx.Tx, error)
}

// Session calls as one caller. Each call is a transaction of its own. The login has to be kf_engine or one with its
// rights.
type Session struct {
	db      DB
	context Context
}

// NewSession makes a session.
func NewSession(db DB, context Context) (*Session, error) {
	if context.Caller == "" {
		return nil, errors.New("the caller is empty")
	}
	return &Session{db: db, context: context}, nil
}

// A call as it is sent.
type action struct {
	name     string
	dataset  string
	reads    bool
	sql      string
	defaults []*string
}

const pin = "__PIN__"
const roles = "SELECT (pg_catalog.pg_get_userbyid(n.nspowner) = 'kf_owner')::text FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'kf'"

// The type of what gives nothing, and of arrays.
const voidOID, textsOID = 2278, 1009

func (s *Session) call(ctx context.Context, call action, in *writer) ([][]raw, error) {
	values := s.bound()
	for index, value := range in.values {
		if _, left := value.(unset); left {
			value = nil
			if call.defaults[index] != nil {
				value = *call.defaults[index]
			}
		}
		values = append(values, value)
	}
	rows, err := settled(ctx, func() ([][]raw, error) { return s.attempt(ctx, call, values) }, mayPass)
	var said *pgconn.PgError
	if errors.As(err, &said) {
		err = &CallError{Action: call.name, SQLState: said.Code, Message: said.Message, Hint: said.Hint, Cause: err}
	}
	return rows, err
}

func (s *Session) attempt(ctx context.Context, call action, values []any) ([][]raw, error) {
	tx, err := s.db.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable})
	if err != nil {
		return nil, err
	}
	// After a commit there is nothing to roll back.
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if err := prepare(ctx, tx, call); err != nil {
		return nil, err
	}
	rows, err := read(ctx, tx, call, values)
	if err != nil {
		return nil, err
	}
	return rows, tx.Commit(ctx)
}

func prepare(ctx context.Context, tx pgx.Tx, call action) error {
	statements := []string{pin, "SELECT kf.hold('" + call.dataset + "')"}
	if call.reads {
		statements = append(statements, "SET TRANSACTION READ ONLY")
	}
	if _, err := tx.Exec(ctx, strings.Join(statements, "; ")); err != nil {
		return err
	}
	var apart string
	if err := tx.QueryRow(ctx, roles, pgx.QueryExecModeExec).Scan(&apart); err != nil || apart != "true" {
		return err
	}
	_, err := tx.Exec(ctx, "SET LOCAL ROLE kf_public")
	return err
}

func read(ctx context.Context, tx pgx.Tx, call action, values []any) ([][]raw, error) {
	found, err := tx.Query(ctx, call.sql, append([]any{pgx.QueryExecModeExec}, values...)...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	fields := found.FieldDescriptions()
	var rows [][]raw
	for found.Next() {
		if fields[0].DataTypeOID == voidOID {
			continue
		}
		texts, lists := make([]*string, len(fields)), make([][]*string, len(fields))
		targets, row := make([]any, len(fields)), make([]raw, len(fields))
		for index, field := range fields {
			targets[index] = &texts[index]
			if field.DataTypeOID == textsOID {
				targets[index] = &lists[index]
			}
		}
		if err := found.Scan(targets...); err != nil {
			return nil, err
		}
		for index := range row {
			if texts[index] != nil {
				row[index] = *texts[index]
			} else if lists[index] != nil {
				row[index] = lists[index]
			}
		}
		rows = append(rows, row)
	}
	return rows, found.Err()
}

func (s *Session) bound() []any {
	it := s.context
	if it.TxID == "" {
		fresh := make([]byte, 32)
		_, _ = rand.Read(fresh)
		it.TxID = hex.EncodeToString(fresh)
	}
	if it.Height == 0 {
		it.Height = 1
	}
	if it.BlockTimestamp == 0 {
		it.BlockTimestamp = time.Now().Unix()
	}
	if it.Authenticator == "" {
		it.Authenticator = "local"
	}
	return []any{it.Caller, signer(it.Caller), it.TxID, it.Height, it.BlockTimestamp, it.Authenticator}
}

func signer(caller string) []byte {
	digits, spelled := strings.CutPrefix(strings.Replace(caller, "0X", "0x", 1), "0x")
	if key, err := hex.DecodeString(digits); spelled && err == nil {
		return key
	}
	return []byte(caller)
}

// mayPass is true if the call collided with another, or what it calls was replaced since its snapshot.
func mayPass(err error) bool {
	var said *pgconn.PgError
	if !errors.As(err, &said) {
		return false
	}
	gone := (said.Code == "42883" || said.Code == "3F000") && said.Where == ""
	return gone || isCollision(said.Code)
}
