<?php
// Reads one JSON object from standard input, carries it out on the site of WP_PORT, prints JSON.
// {"install": {"title", "theme", "rest": bool}, "posts": [...], "update": [{"slug", "content"}], "delete": ["slug"]}
error_reporting(E_ALL & ~E_DEPRECATED);
$job = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$_SERVER['HTTP_HOST'] = '127.0.0.1:' . getenv('WP_PORT');
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
if (isset($job['install'])) {
    define('WP_INSTALLING', true);
}
require __DIR__ . '/wp-load.php';

if (isset($job['install'])) {
    require_once ABSPATH . 'wp-admin/includes/upgrade.php';
    wp_install($job['install']['title'], 'redaksi', 'redaksi@contoh.example', true, '', 'tests only');
    update_option('timezone_string', $job['install']['zone'] ?? 'Asia/Jakarta');
    update_option('date_format', 'j F Y');
    update_option('blogdescription', 'CONTOH – rekaan');
    update_option('posts_per_rss', 10);
    switch_theme($job['install']['theme']);
    foreach (get_posts(['numberposts' => -1, 'post_type' => ['post', 'page'], 'post_status' => 'any']) as $post) {
        wp_delete_post($post->ID, true);
    }
    global $wp_rewrite;
    $wp_rewrite->set_permalink_structure($job['install']['permalinks']);
    $wp_rewrite->flush_rules(true);
}

function author_id(string $name): int
{
    $login = sanitize_user(strtolower(str_replace(' ', '', $name)), true);
    $user = get_user_by('login', $login);
    return $user ? $user->ID : wp_insert_user(['user_login' => $login, 'user_pass' => 'tests only', 'display_name' => $name, 'user_email' => "$login@contoh.example", 'role' => 'author']);
}

function saved(array $row): array
{
    $id = wp_insert_post([
        'post_title' => wp_slash($row['title']), 'post_content' => wp_slash($row['content']), 'post_name' => $row['slug'],
        'post_status' => $row['status'] ?? 'publish', 'post_password' => $row['password'] ?? '', 'post_type' => $row['type'] ?? 'post',
        'post_date' => $row['date'], 'post_author' => author_id($row['author']), 'tags_input' => $row['tags'] ?? [],
    ], true);
    if (is_wp_error($id)) {
        fwrite(STDERR, $id->get_error_message() . "\n");
        exit(1);
    }
    if ($row['sticky'] ?? false) {
        stick_post($id);
    }
    foreach ($row['comments'] ?? [] as $comment) {
        wp_insert_comment(['comment_post_ID' => $id, 'comment_author' => $comment['author'], 'comment_content' => $comment['text'], 'comment_approved' => 1]);
    }
    if ($row['attachment'] ?? false) {
        wp_insert_attachment(['post_title' => 'Foto ' . $row['title'], 'post_mime_type' => 'image/jpeg', 'post_status' => 'inherit', 'guid' => home_url("/wp-content/uploads/$id.jpg")], false, $id);
    }
    return ['slug' => $row['slug'], 'id' => $id, 'url' => get_permalink($id)];
}

$made = array_map('saved', $job['posts'] ?? []);
foreach ($job['update'] ?? [] as $row) {
    $post = get_page_by_path($row['slug'], OBJECT, 'post');
    wp_update_post(['ID' => $post->ID, 'post_content' => wp_slash($row['content'])]);
    $made[] = ['slug' => $row['slug'], 'id' => $post->ID, 'url' => get_permalink($post->ID)];
}
foreach ($job['delete'] ?? [] as $slug) {
    wp_delete_post(get_page_by_path($slug, OBJECT, 'post')->ID, true);
}
echo json_encode($made);
