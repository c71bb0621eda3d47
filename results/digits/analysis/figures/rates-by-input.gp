# Draws rates-by-input.csv; run `gnuplot rates-by-input.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.9227 left top vertical maxrows 1 Left reverse noenhanced samplen 2.2 width 2.1 textcolor rgb '#222222'
set tmargin at screen 0.9095
set rmargin at screen 0.952
set label 'Rates by input, geometric means' at screen 0.02, screen 0.9735 left noenhanced font ',22'
set label 'digits-learned-rates, seed 0; outer step 180' at screen 0.02, screen 0.9437 left noenhanced font ',16' textcolor rgb '#555555'
unset grid
set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725')
set cbrange [0.0785107148156008:2.5581117164575358]
set logscale cb
set cbtics ('0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1.0, '2' 2.0)
set cblabel 'rate' noenhanced
set rmargin at screen 0.83
set xrange [-0.5:7.5]
set yrange [7.5:-0.5]
set xlabel 'column' noenhanced
set ylabel 'row' noenhanced

set terminal svg size 900,906 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'rates-by-input.svg'
plot 'rates-by-input.csv' skip 1 using 1:2:3 with image pixels notitle

set terminal pngcairo size 900,906 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'rates-by-input.png'
replot
set output
