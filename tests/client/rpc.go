// The scenario over a gateway, and what only gateways have.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"scenario/client"
)

func token(text string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return text, nil }
}

func main() {
	url := os.Getenv("KF_GATEWAY")
	session := &client.Session{URL: url, Token: token("token of 0xAb")}
	owner := &client.Session{URL: url, Token: token("token of 0xaa")}
	scenario(client.NewGallery(session), client.NewGallery(owner), client.NewClass(session))
	nobody := fault(client.NewGallery(&client.Session{URL: url}).PutBare(ctx, client.Of(int64(1)), client.GalleryPutBareOptions{}))
	equal([]any{nobody.SQLState, nobody.IsRaised()}, []any{"42501", false})
	_, err := client.NewGallery(&client.Session{URL: url, Token: token("forged")}).Whoami(ctx)
	equal([]any{fault(err).SQLState, fault(err).Message}, []any{"PGRST301", "no such token"})
	_, err = client.NewGallery(&client.Session{URL: url + "/nowhere"}).Whoami(ctx)
	equal(fault(err).SQLState, "HTTP 404")
	header := http.Header{"Authorization": {"Bearer token of 0xAb"}}
	equal(must(client.NewGallery(&client.Session{URL: url, Header: header}).Whoami(ctx)).Caller, "0xAb")
	if _, err := client.NewGallery(&client.Session{URL: "http://127.0.0.1:1"}).Whoami(ctx); err == nil {
		panic("an answer from nowhere")
	}
	fmt.Println("fine")
}
