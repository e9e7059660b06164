// The scenario over a connection, and what only connections have.
package main

import (
	"fmt"
	"os"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"scenario/client"
)

func atOnce(pool *pgxpool.Pool) {
	gallery := client.NewGallery(must(client.NewSession(pool, client.Context{Caller: "0xaa"})))
	var all sync.WaitGroup
	for index := range 10 {
		all.Go(func() { check(gallery.PutBare(ctx, client.Of(int64(100+index)), client.GalleryPutBareOptions{})) })
	}
	all.Wait()
	equal(len(must(gallery.ListThings(ctx, client.Of(int64(100))))), 10)
	check(gallery.Clear(ctx))
}

func main() {
	connection := must(pgx.Connect(ctx, os.Getenv("KF_DSN")))
	pool := must(pgxpool.New(ctx, os.Getenv("KF_DSN")))
	gallery := client.NewGallery(must(client.NewSession(connection, client.Context{Caller: "0xAb"})))
	owner := client.NewGallery(must(client.NewSession(pool, client.Context{Caller: "0xaa"})))
	class := client.NewClass(must(client.NewSession(connection, client.Context{Caller: "x"})))
	scenario(gallery, owner, class)
	atOnce(pool)
	if _, err := client.NewSession(pool, client.Context{}); err == nil {
		panic("an empty caller")
	}
	fmt.Println("fine")
}
