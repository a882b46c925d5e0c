<?php
/**
 * Plugin Name: Podpora
 * Description: A help button on every page: members submit issues and chat with your team.
 * Version: 1.0
 * Requires at least: 6.0
 * Requires PHP: 8.0
 * License: MIT
 *
 * Caches may store the pages: they are the same for everyone. A member's token has an address of its own, which is
 * never cached.
 */

defined('ABSPATH') || exit;

const PODPORA_TOKEN_LIFE_S = 300;

add_action('wp_footer', 'podpora_print_tag');
add_action('wp_logout', 'podpora_mark_sign_out');
add_action('login_footer', 'podpora_print_sign_out');
add_action('wp_ajax_podpora_token', 'podpora_send_token');
add_action('wp_ajax_nopriv_podpora_token', 'podpora_send_token');
add_action('admin_init', 'podpora_register_settings');
add_action('admin_menu', 'podpora_add_settings_page');
add_filter('plugin_action_links_' . plugin_basename(__FILE__), 'podpora_add_settings_link');
register_uninstall_hook(__FILE__, 'podpora_uninstall');

/** The tag. Its attributes keep optimisers from merging or delaying it, as it has to know its own address. */
function podpora_print_tag(): void
{
    $src = podpora_setting('src');
    if ($src === '') return;
    $token = podpora_secret() === '' ? [] : ['data-podpora-token-url' => admin_url('admin-ajax.php?action=podpora_token')];
    wp_print_script_tag($token + [
        'id' => 'podpora',
        'src' => $src,
        'async' => true,
        'data-podpora-sign-in-url' => wp_login_url(),
        'data-cfasync' => 'false',
        'data-no-optimize' => '1',
        'data-no-defer' => '1',
    ]);
}

/** A cookie for a minute, so that no link to the sign-in page can pass for a sign-out. */
function podpora_mark_sign_out(): void
{
    setcookie('podpora_signed_out', '1', ['expires' => time() + 60, 'path' => '/', 'httponly' => true, 'samesite' => 'Lax']);
}

/** After a sign-out, WordPress shows the sign-in page: there the widget deletes what the browser stores for the member. */
function podpora_print_sign_out(): void
{
    if (!isset($_COOKIE['podpora_signed_out'])) return;
    wp_print_inline_script_tag('window.Podpora = window.Podpora || function () { (Podpora.q = Podpora.q || []).push(arguments); }; Podpora("logout");');
    podpora_print_tag();
}

/** Answers with the signed-in user's token as plain text, with 204 for a visitor, and with 500 if the plugin has no secret. */
function podpora_send_token(): void
{
    nocache_headers();
    header('Cache-Control: no-store');
    header('Content-Type: text/plain; charset=utf-8');
    header('Cross-Origin-Resource-Policy: same-origin');
    // WordPress allows the same host under another scheme.
    header_remove('Access-Control-Allow-Origin');
    header_remove('Access-Control-Allow-Credentials');
    $secret = podpora_secret();
    if ($secret === '') status_header(500);
    elseif (!is_user_logged_in()) status_header(204);
    else echo podpora_token(wp_get_current_user(), $secret);
    exit;
}

/** A JSON Web Token (RFC 7519) for the gateway's `identity: { secret, audience: "podpora" }`. */
function podpora_token(WP_User $user, string $secret): string
{
    $base64 = fn (string $bytes) => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    $encode = fn (array $value) => $base64(wp_json_encode($value));
    $now = time();
    $claims = [
        'aud' => 'podpora',
        'sub' => (string) $user->ID,
        'name' => wp_specialchars_decode($user->display_name, ENT_QUOTES),
        'email' => $user->user_email,
        'email_verified' => podpora_setting('verified') === '1',
        'iat' => $now,
        'exp' => $now + PODPORA_TOKEN_LIFE_S,
    ];
    $body = $encode(['alg' => 'HS256', 'typ' => 'JWT']) . '.' . $encode($claims);
    return $body . '.' . $base64(hash_hmac('sha256', $body, $secret, true));
}

/** The constant in wp-config.php wins: a secret there is in no backup of the database. */
function podpora_secret(): string
{
    return defined('PODPORA_SECRET') ? (string) PODPORA_SECRET : podpora_setting('secret');
}

function podpora_setting(string $name): string
{
    $settings = get_option('podpora', []);
    return is_array($settings) ? (string) ($settings[$name] ?? '') : '';
}

function podpora_register_settings(): void
{
    register_setting('podpora', 'podpora', ['type' => 'object', 'sanitize_callback' => 'podpora_check_settings', 'default' => []]);
}

/** Keeps the stored value of a setting that is wrong, and says what is wrong. */
function podpora_check_settings($given): array
{
    $given = is_array($given) ? array_map(fn ($value) => is_string($value) ? trim($value) : '', $given) : [];
    $settings = ['verified' => ($given['verified'] ?? '') === '1' ? '1' : ''];
    $src = esc_url_raw($given['src'] ?? '', ['https', 'http']);
    if (podpora_is_script($src) || ($given['src'] ?? '') === '') {
        $settings['src'] = $src;
    } else {
        $settings['src'] = podpora_setting('src');
        add_settings_error('podpora', 'src', __('The script must be an https address that ends with /podpora.js, such as https://help.example.org/podpora.js.', 'podpora'));
    }
    $secret = $given['secret'] ?? '';
    $settings['secret'] = $secret === '' ? podpora_setting('secret') : $secret;
    if ($secret !== '' && strlen($secret) < 32) {
        $settings['secret'] = podpora_setting('secret');
        add_settings_error('podpora', 'secret', __('The secret must have at least 32 characters: create one with "openssl rand -base64 32".', 'podpora'));
    }
    return $settings;
}

/** Plain http only on the administrator's own machine. */
function podpora_is_script(string $src): bool
{
    $parts = wp_parse_url($src);
    $isLocal = in_array($parts['host'] ?? '', ['localhost', '127.0.0.1'], true);
    $isSafe = ($parts['scheme'] ?? '') === 'https' || ($isLocal && ($parts['scheme'] ?? '') === 'http');
    return $isSafe && preg_match('~/podpora(\.bundle)?\.js$~', $parts['path'] ?? '') === 1;
}

function podpora_add_settings_page(): void
{
    add_options_page('Podpora', 'Podpora', 'manage_options', 'podpora', 'podpora_print_settings_page');
}

function podpora_add_settings_link(array $links): array
{
    $link = sprintf('<a href="%s">%s</a>', esc_url(admin_url('options-general.php?page=podpora')), esc_html__('Settings'));
    return [$link, ...$links];
}

function podpora_print_settings_page(): void
{
    $hasSecret = podpora_secret() !== '';
    $isConstant = defined('PODPORA_SECRET');
    ?>
    <div class="wrap">
        <h1>Podpora</h1>
        <form method="post" action="options.php">
            <?php settings_fields('podpora'); ?>
            <table class="form-table" role="presentation">
                <tr>
                    <th scope="row"><label for="podpora-src"><?php esc_html_e('Script', 'podpora'); ?></label></th>
                    <td>
                        <input type="url" id="podpora-src" name="podpora[src]" class="regular-text" value="<?php echo esc_attr(podpora_setting('src')); ?>" placeholder="https://help.example.org/podpora.js" aria-describedby="podpora-src-hint">
                        <p class="description" id="podpora-src-hint"><?php esc_html_e('The address of podpora.js on your gateway. Without it, pages have no help button.', 'podpora'); ?></p>
                    </td>
                </tr>
                <tr>
                    <th scope="row"><label for="podpora-secret"><?php esc_html_e('Secret', 'podpora'); ?></label></th>
                    <td>
                        <input type="password" id="podpora-secret" name="podpora[secret]" class="regular-text" autocomplete="new-password" aria-describedby="podpora-secret-hint"<?php disabled($isConstant); ?>>
                        <p class="description" id="podpora-secret-hint">
                            <?php
                            if ($isConstant) esc_html_e('PODPORA_SECRET in wp-config.php is used.', 'podpora');
                            elseif ($hasSecret) esc_html_e('A secret is stored. Leave this empty to keep it.', 'podpora');
                            else esc_html_e('The secret of the gateway\'s "identity" option. Without it, everyone is a guest.', 'podpora');
                            ?>
                        </p>
                    </td>
                </tr>
                <tr>
                    <th scope="row"><?php esc_html_e('E-mail addresses', 'podpora'); ?></th>
                    <td>
                        <label><input type="checkbox" name="podpora[verified]" value="1"<?php checked(podpora_setting('verified'), '1'); ?>> <?php esc_html_e('Every account\'s address is verified', 'podpora'); ?></label>
                        <p class="description"><?php esc_html_e('Desks find a member\'s issues by their address. Leave this off if anyone can register with an address without a mail to it, as WooCommerce allows: they would see another person\'s issues.', 'podpora'); ?></p>
                    </td>
                </tr>
            </table>
            <?php submit_button(); ?>
        </form>
    </div>
    <?php
}

function podpora_uninstall(): void
{
    delete_option('podpora');
}
