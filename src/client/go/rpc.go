package __PACKAGE__

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Session is where a gateway is, and who calls.
type Session struct {
	// URL is what stands before /rpc/.., as https://host/rest/v1.
	URL string
	// Token, if not nil, is asked for each call, and sent as Authorization: Bearer.
	Token func(ctx context.Context) (string, error)
	// Header is sent with each call.
	Header http.Header
	// Client is http.DefaultClient without it.
	Client *http.Client
}

// A call as it is sent.
type action struct {
	name       string
	schema     string
	function   string
	parameters []string
	columns    []string
	shape      string
}

func (s *Session) call(ctx context.Context, call action, in *writer) ([][]raw, error) {
	sent := map[string]any{}
	for index, value := range in.values {
		// What is left out is not sent, so that the function's own default holds.
		if _, left := value.(unset); !left {
			sent[call.parameters[index]] = value
		}
	}
	body, err := json.Marshal(sent)
	if err != nil {
		return nil, err
	}
	return settled(ctx, func() ([][]raw, error) { return s.attempt(ctx, call, body) }, mayPass)
}

func (s *Session) attempt(ctx context.Context, call action, body []byte) ([][]raw, error) {
	target := s.URL + "/rpc/" + url.PathEscape(call.function)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if err := s.sign(ctx, call, request); err != nil {
		return nil, err
	}
	client := s.Client
	if client == nil {
		client = http.DefaultClient
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode/100 != 2 {
		return nil, told(call, answer.StatusCode, text)
	}
	return rows(call, text)
}

func (s *Session) sign(ctx context.Context, call action, request *http.Request) error {
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Content-Profile", call.schema)
	for key, values := range s.Header {
		request.Header[key] = values
	}
	if s.Token == nil {
		return nil
	}
	token, err := s.Token(ctx)
	request.Header.Set("Authorization", "Bearer "+token)
	return err
}

func rows(call action, text []byte) ([][]raw, error) {
	if call.shape == "nothing" {
		return nil, nil
	}
	var body any
	// Numbers stay text: a float64 would lose digits.
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&body); err != nil {
		return nil, err
	}
	if call.shape == "value" {
		return [][]raw{{plain(body)}}, nil
	}
	found, is := body.([]any)
	if !is {
		found = []any{body}
	}
	all := make([][]raw, 0, len(found))
	for _, it := range found {
		object, _ := it.(map[string]any)
		row := make([]raw, 0, len(call.columns))
		for _, name := range call.columns {
			row = append(row, plain(object[name]))
		}
		all = append(all, row)
	}
	return all, nil
}

func plain(value any) raw {
	list, is := value.([]any)
	if !is {
		if text := scalar(value); text != nil {
			return *text
		}
		return nil
	}
	texts := make([]*string, 0, len(list))
	for _, it := range list {
		texts = append(texts, scalar(it))
	}
	return texts
}

func scalar(value any) *string {
	if value == nil {
		return nil
	}
	text := fmt.Sprint(value)
	return &text
}

func told(call action, status int, text []byte) error {
	said := struct{ Code, Message, Hint string }{}
	if json.Unmarshal(text, &said) != nil || said.Code == "" {
		said.Code, said.Message = fmt.Sprintf("HTTP %d", status), string(text)
	}
	return &CallError{Action: call.name, SQLState: said.Code, Message: said.Message, Hint: said.Hint}
}

// mayPass is true if the call collided with another.
func mayPass(err error) bool {
	var said *CallError
	return errors.As(err, &said) && isCollision(said.SQLState)
}
