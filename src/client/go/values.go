
// CallError is a call that was refused or rolled back.
type CallError struct {
	// Action is the call: "dataset.action".
	Action string
	// SQLState is what the database says: "KF001" where an action raised.
	SQLState string
	// Message is the text of ERROR(..) where an action raised.
	Message string
	// Hint is what to do about it; may be empty.
	Hint string
	// Cause is the error of the driver; may be nil.
	Cause error
}

// Error is the message with the call.
func (e *CallError) Error() string { return e.Action + ": " + e.Message }

// Unwrap is the error of the driver.
func (e *CallError) Unwrap() error { return e.Cause }

// IsRaised is true if the action said ERROR(..), whose text is the message.
func (e *CallError) IsRaised() bool { return e.SQLState == "KF001" }

var codes = [][2]string{
	{"PT403", "KF002"}, {"25006", "KF006"}, {"54001", "KF007"}, {"40001", "KF012"}, {"40P01", "KF012"},
	{"55P03", "KF012"}, {"42501", "KF0502"}, {"23", "KF0801"}, {"22", "KF0802"}, {"53", "KF009"}, {"54", "KF009"},
	{"42", "KF0790"}, {"0A", "KF0790"}, {"XX", "KF0790"}, {"2F", "KF0790"}, {"34", "KF0790"}, {"24", "KF0790"},
}

// Code is what `kf explain` explains: "KF001", "KF0801".
func (e *CallError) Code() string {
	if strings.HasPrefix(e.SQLState, "KF") {
		return e.SQLState
	}
	if e.SQLState == "23514" && strings.Contains(e.Message, "kf.finite") {
		return "KF0802"
	}
	for _, it := range codes {
		if strings.HasPrefix(e.SQLState, it[0]) {
			return it[1]
		}
	}
	return "KF0803"
}

// UUID is 16 bytes, as those of other packages are, and can be converted to them.
type UUID [16]byte

// ParseUUID reads 67e55044-10b1-426f-9247-bb680e5fe0c8.
func ParseUUID(text string) (UUID, error) {
	var id UUID
	digits, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(digits) != len(id) {
		return id, fmt.Errorf("%q is not a uuid", text)
	}
	copy(id[:], digits)
	return id, nil
}

// String is 67e55044-10b1-426f-9247-bb680e5fe0c8.
func (u UUID) String() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// Decimal is a decimal as plain digits with all of them: "-12.50". Packages for decimals read it as it is.
type Decimal string

// Rat is the decimal as a fraction, which loses no digit.
func (d Decimal) Rat() (*big.Rat, bool) { return new(big.Rat).SetString(string(d)) }

// Optional is an argument that may be left out; its zero value is.
type Optional[T any] struct {
	value *T
	given bool
}

// Given is an argument that is not left out.
func Given[T any](value T) Optional[T] { return Optional[T]{value: &value, given: true} }

// Null is an argument that is null.
func Null[T any]() Optional[T] { return Optional[T]{given: true} }

// Of is a pointer to a value: arguments may be null.
func Of[T any](value T) *T { return &value }

// A value as it travels: a string in PostgreSQL's form, a []*string, nil for null, or unset.
type raw = any

// What is left out.
type unset struct{}

// How often a call that collided with another is tried.
const attempts = 8

func isCollision(state string) bool {
	return state == "40001" || state == "40P01" || state == "55P03" || state == "55006"
}

// Runs what is a transaction of its own until it does not collide with another.
func settled(ctx context.Context, once func() ([][]raw, error), mayPass func(error) bool) ([][]raw, error) {
	for attempt := 1; ; attempt++ {
		rows, err := once()
		if err == nil || attempt == attempts || !mayPass(err) {
			return rows, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(5 * time.Millisecond << attempt):
		}
	}
}

// How values of a type travel.
type codec[T any] struct {
	write func(*T) (string, error)
	read  func(string) (*T, error)
}

func reading[T any](parse func(string) (T, error)) func(string) (*T, error) {
	return func(text string) (*T, error) {
		value, err := parse(text)
		return &value, err
	}
}

var ints = codec[int64]{
	write: func(value *int64) (string, error) { return strconv.FormatInt(*value, 10), nil },
	read:  reading(func(text string) (int64, error) { return strconv.ParseInt(text, 10, 64) }),
}

var texts = codec[string]{
	write: func(value *string) (string, error) { return *value, nil },
	read:  func(text string) (*string, error) { return &text, nil },
}

var bools = codec[bool]{
	write: func(value *bool) (string, error) { return strconv.FormatBool(*value), nil },
	read:  reading(strconv.ParseBool),
}

var uuids = codec[UUID]{
	write: func(value *UUID) (string, error) { return value.String(), nil },
	read:  reading(ParseUUID),
}

var decimals = codec[Decimal]{
	write: func(value *Decimal) (string, error) {
		whole, fraction, _ := strings.Cut(strings.TrimPrefix(string(*value), "-"), ".")
		if whole == "" || strings.Trim(whole+fraction, "0123456789") != "" || strings.HasSuffix(string(*value), ".") {
			return "", fmt.Errorf("%q is not a decimal, as \"-12.50\"", string(*value))
		}
		return string(*value), nil
	},
	read: reading(func(text string) (Decimal, error) { return Decimal(text), nil }),
}

var uint256s = codec[big.Int]{
	write: func(value *big.Int) (string, error) {
		if value.Sign() < 0 || value.BitLen() > 256 {
			return "", fmt.Errorf("%v is not from 0 to 2^256 - 1", value)
		}
		return value.String(), nil
	},
	read: func(text string) (*big.Int, error) {
		value, is := new(big.Int).SetString(text, 10)
		if !is {
			return nil, fmt.Errorf("%q is not a uint256", text)
		}
		return value, nil
	},
}

var blobs = codec[[]byte]{
	write: func(value *[]byte) (string, error) { return "\\x" + hex.EncodeToString(*value), nil },
	read: reading(func(text string) ([]byte, error) {
		return hex.DecodeString(strings.TrimPrefix(text, "\\x"))
	}),
}

// Arguments as they travel, until one of them is wrong.
type writer struct {
	values []raw
	err    error
}

func put[T any](in *writer, it codec[T], value *T) {
	if value == nil {
		in.values = append(in.values, nil)
		return
	}
	text, err := it.write(value)
	in.values, in.err = append(in.values, text), errors.Join(in.err, err)
}

func putList[T any](in *writer, it codec[T], values []*T) {
	if values == nil {
		in.values = append(in.values, nil)
		return
	}
	list := make([]*string, len(values))
	for index, value := range values {
		if value != nil {
			text, err := it.write(value)
			list[index], in.err = &text, errors.Join(in.err, err)
		}
	}
	in.values = append(in.values, list)
}

// A slice is its own pointer: nil is null.
func pointer(value []byte) *[]byte {
	if value == nil {
		return nil
	}
	return &value
}

func putBytes(in *writer, value []byte) { put(in, blobs, pointer(value)) }

func putBytesList(in *writer, values [][]byte) {
	if values == nil {
		putList[[]byte](in, blobs, nil)
		return
	}
	list := make([]*[]byte, len(values))
	for index, value := range values {
		list[index] = pointer(value)
	}
	putList(in, blobs, list)
}

func optional[T any](in *writer, it Optional[T], put func(T)) {
	switch {
	case !it.given:
		in.values = append(in.values, unset{})
	case it.value == nil:
		in.values = append(in.values, nil)
	default:
		put(*it.value)
	}
}

// A row as it came, until one of its values is wrong.
type reader struct {
	row []raw
	err error
}

func getOrNil[T any](out *reader, it codec[T], at int) *T {
	text, is := out.row[at].(string)
	if !is {
		return nil
	}
	value, err := it.read(text)
	out.err = errors.Join(out.err, err)
	return value
}

// What is never null.
func getPointer[T any](out *reader, it codec[T], at int) *T {
	value := getOrNil(out, it, at)
	if value == nil {
		out.err = errors.Join(out.err, fmt.Errorf("value %d is null: make the client anew", at+1))
		return new(T)
	}
	return value
}

func get[T any](out *reader, it codec[T], at int) T { return *getPointer(out, it, at) }

func getList[T any](out *reader, it codec[T], at int) []*T {
	list, is := out.row[at].([]*string)
	if !is {
		return nil
	}
	values := make([]*T, len(list))
	for index, text := range list {
		if text != nil {
			value, err := it.read(*text)
			values[index], out.err = value, errors.Join(out.err, err)
		}
	}
	return values
}

func getBytes(out *reader, at int) []byte {
	if value := getOrNil(out, blobs, at); value != nil {
		return *value
	}
	return nil
}

func getBytesList(out *reader, at int) [][]byte {
	list := getList(out, blobs, at)
	if list == nil {
		return nil
	}
	values := make([][]byte, len(list))
	for index, value := range list {
		if value != nil {
			values[index] = *value
		}
	}
	return values
}

func many[T any](ctx context.Context, s *Session, call action, in *writer, made func(*reader) T) ([]T, error) {
	if in.err != nil {
		return nil, fmt.Errorf("%s: %w", call.name, in.err)
	}
	rows, err := s.call(ctx, call, in)
	if err != nil {
		return nil, err
	}
	values := make([]T, 0, len(rows))
	for _, row := range rows {
		out := &reader{row: row}
		values = append(values, made(out))
		if out.err != nil {
			return nil, fmt.Errorf("%s: %w", call.name, out.err)
		}
	}
	return values, nil
}

func one[T any](ctx context.Context, s *Session, call action, in *writer, made func(*reader) T) (T, error) {
	var none T
	values, err := many(ctx, s, call, in, made)
	if err != nil {
		return none, err
	}
	if len(values) != 1 {
		return none, fmt.Errorf("%s: %d rows are not one: make the client anew", call.name, len(values))
	}
	return values[0], nil
}

func none(ctx context.Context, s *Session, call action, in *writer) error {
	_, err := many(ctx, s, call, in, func(*reader) unset { return unset{} })
	return err
}
